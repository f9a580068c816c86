using System.Collections.Concurrent;
using System.Diagnostics;
using Hype.Grains.Abstractions.Channels;
using Hype.Grains.Channels.Effects;
using Hype.Grains.Channels.Orders;
using Hype.Grains.Diagnostics;
using Hype.Grains.Tests.Channels;

namespace Hype.Grains.Tests.Diagnostics;

/// <summary>
/// Tests the spans of layout changes. The listener records only spans below the caller of its own test, because all tests share the source
/// of spans.
/// </summary>
[FixtureLifeCycle(LifeCycle.InstancePerTestCase)]
public sealed class LayoutTraceTests : IDisposable
{
    private static readonly Layout First = LayoutOf(1, ChannelMode.P2P);
    private static readonly Layout Second = LayoutOf(2, ChannelMode.Sfu);
    private static readonly Layout Third = LayoutOf(3, ChannelMode.P2P);

    private readonly ConcurrentQueue<Activity> _ended = [];
    private readonly Activity _caller = new("caller");
    private readonly ActivityListener _listener;
    private readonly LayoutTrace _trace = new();

    public LayoutTraceTests()
    {
        _listener = new()
        {
            ShouldListenTo = source => source.Name == GrainMetrics.MeterName,
            Sample = (ref ActivityCreationOptions<ActivityContext> _) => ActivitySamplingResult.AllDataAndRecorded,
            ActivityStopped = span =>
            {
                if (span.TraceId == _caller.TraceId)
                    _ended.Enqueue(span);
            },
        };
        ActivitySource.AddActivityListener(_listener);
    }

    [SetUp]
    public void StartCaller() => _caller.Start();

    public void Dispose()
    {
        _trace.Dispose();
        _listener.Dispose();
        _caller.Dispose();
    }

    [Test]
    public void Layout_change_is_traced_as_a_span_from_opening_to_commit()
    {
        Enter([Open(Second)], First);
        Assert.That(_ended, Is.Empty);
        _trace.Committed(Second);
        var span = _ended.Single();
        Assert.That(
            (span.OperationName, span.GetTagItem("hype.epoch"), span.GetTagItem("hype.mode"), span.GetTagItem("hype.reason")),
            Is.EqualTo(("layout", 2, "sfu", "aboveThreshold")));
    }

    [Test]
    public void Layout_span_is_the_current_activity_only_between_Enter_and_Leave()
    {
        var before = _trace.Enter([Open(Second)], First.Epoch);
        Assert.That((before, Activity.Current!.OperationName), Is.EqualTo((_caller, "layout")));
        LayoutTrace.Leave(before);
        Assert.That(Activity.Current, Is.SameAs(_caller));
    }

    [Test]
    public void Placement_of_a_room_for_a_new_layout_opens_the_span_of_the_layout()
    {
        Enter([new PlaceRoom(Second.Epoch, new(9), MachineBench.Local, null, [], [])], First);
        _trace.Committed(Second);
        Assert.That(_ended.Single().GetTagItem("hype.epoch"), Is.EqualTo(2));
    }

    [Test]
    public void First_layout_of_a_channel_has_no_span()
    {
        Enter([Open(First)], First);
        _trace.Committed(First);
        Assert.That(_ended, Is.Empty);
    }

    [Test]
    public void Layout_that_is_opened_and_committed_in_one_step_has_a_span()
    {
        Enter([Open(Second), new Switched(Second, TimeSpan.Zero)], Second);
        _trace.Committed(Second);
        Assert.That(_ended.Single().GetTagItem("hype.epoch"), Is.EqualTo(2));
    }

    [Test]
    public void Later_effects_of_the_same_layout_start_no_second_span()
    {
        Enter([Open(Second)], First);
        Enter([new PlaceRoom(Second.Epoch, new(9), MachineBench.Local, null, [], [])], First);
        _trace.Committed(Second);
        Assert.That(_ended, Has.Exactly(1).Items);
    }

    [Test]
    public void Newer_layout_ends_the_span_of_an_uncommitted_layout()
    {
        Enter([Open(Second)], First);
        Enter([Open(Third)], First);
        Assert.That(_ended.Single().GetTagItem("hype.mode"), Is.Null, "it was not committed");
        _trace.Committed(Third);
        Assert.That(_ended.Last().GetTagItem("hype.epoch"), Is.EqualTo(3));
    }

    [Test]
    public void Commit_of_another_layout_does_not_end_the_span()
    {
        Enter([Open(Second)], First);
        _trace.Committed(First);
        Assert.That(_ended, Is.Empty);
    }

    [Test]
    public void Disposal_of_the_layout_trace_ends_the_open_span()
    {
        Enter([Open(Second)], First);
        _trace.Dispose();
        Assert.That(_ended, Has.Exactly(1).Items);
    }

    private void Enter(ChannelEffect[] effects, Layout current) => LayoutTrace.Leave(_trace.Enter(effects, current.Epoch));

    private static PublishToAll Open(Layout layout) => new(new LayoutOpened(layout));

    private static Layout LayoutOf(int epoch, ChannelMode mode) =>
        new(new(epoch), mode, ModeReason.AboveThreshold, DateTimeOffset.UnixEpoch);
}
