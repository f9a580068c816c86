using Hype.Gateway.Signaling.Replica;
using Hype.Gateway.Tests.Testing;
using static Hype.Gateway.Tests.Testing.ChannelSamples;

namespace Hype.Gateway.Tests.Signaling.Replica;

[FixtureLifeCycle(LifeCycle.InstancePerTestCase)]
public sealed class EarlyEventsTests
{
    private readonly EarlyEvents _early = new();
    private readonly List<int> _delivered = [];

    [Test]
    public void Buffered_events_are_delivered_once_and_in_order_to_the_addressed_session()
    {
        _early.BeginAdmission();
        Buffer(new MemberNumber(1), 10);
        Buffer(new MemberNumber(2), 20);
        Buffer(new MemberNumber(1), 11);
        Deliver(new MemberNumber(1));
        Deliver(new MemberNumber(1));
        Assert.That(_delivered, Is.EqualTo(new[] { 10, 11 }));
    }

    [Test]
    public void Events_of_other_members_beyond_the_byte_limit_are_dropped_and_those_of_the_channel_are_not()
    {
        var session = Member(new MemberNumber(1)).Session;
        _early.BeginAdmission();
        _early.Buffer(session, _ => _delivered.Add(1), EarlyEvents.MaxBytesPerSession);
        _early.Buffer(session, _ => _delivered.Add(2), 1);
        _early.Buffer(session, _ => _delivered.Add(3));
        Deliver(new MemberNumber(1));
        Assert.That(_delivered, Is.EqualTo(new[] { 1, 3 }));
    }

    [Test]
    public void Signals_of_other_members_beyond_the_limit_of_events_do_not_displace_those_of_the_channel()
    {
        var session = Member(new MemberNumber(1)).Session;
        _early.BeginAdmission();
        for (var signal = 0; signal <= EarlyEvents.MaxPerSession; signal++)
            _early.Buffer(session, _ => _delivered.Add(1), size: 1);
        _early.Buffer(session, _ => _delivered.Add(2));
        Deliver(new MemberNumber(1));
        Assert.That(_delivered, Is.EqualTo(Enumerable.Repeat(1, EarlyEvents.MaxPerSession).Append(2)));
    }

    [Test]
    public void Event_received_while_no_admission_is_in_progress_is_dropped()
    {
        Buffer(new MemberNumber(1), 10);
        _early.BeginAdmission();
        Deliver(new MemberNumber(1));
        Assert.That(_delivered, Is.Empty);
    }

    [Test]
    public void Buffered_events_are_dropped_when_the_last_admission_in_progress_ends()
    {
        _early.BeginAdmission();
        _early.BeginAdmission();
        Buffer(new MemberNumber(1), 10);
        _early.EndAdmission();
        Buffer(new MemberNumber(1), 11);
        Deliver(new MemberNumber(1));
        Assert.That(_delivered, Is.EqualTo(new[] { 10, 11 }), "one admission is still in progress");

        Buffer(new MemberNumber(1), 12);
        _early.EndAdmission();
        _early.BeginAdmission();
        Deliver(new MemberNumber(1));
        Assert.That(_delivered, Has.Count.EqualTo(2));
    }

    [Test]
    public void Events_above_the_buffer_limit_of_a_session_are_dropped()
    {
        _early.BeginAdmission();
        for (var i = 0; i < EarlyEvents.MaxPerSession + 5; i++)
            Buffer(new MemberNumber(1), i);
        Deliver(new MemberNumber(1));
        Assert.That(_delivered, Is.EqualTo(Enumerable.Range(0, EarlyEvents.MaxPerSession)));
    }

    private void Buffer(MemberNumber number, int value) => _early.Buffer(Member(number).Session, _ => _delivered.Add(value));

    private void Deliver(MemberNumber number) =>
        _early.DeliverTo(new ChannelMember(Member(number).Session, number, new RecordingSocket(), new OfferedTransport(0)));
}
