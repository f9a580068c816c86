using Hype.Grains.Channels;
using Hype.Grains.Tests.Testing;
using Microsoft.Extensions.Time.Testing;

namespace Hype.Grains.Tests.Channels;

[FixtureLifeCycle(LifeCycle.InstancePerTestCase)]
public sealed class ChannelFenceTests
{
    private readonly Queue<Task<bool>> _writes = [];
    private readonly FakeGate _gate = new();
    private readonly FakeTimeProvider _time = new();
    private readonly ChannelFence _fence;

    private int _ended;

    public ChannelFenceTests() => _fence = new ChannelFence(1, () => _writes.Dequeue(), () => _ended++, _gate, _time);

    [Test]
    public async Task Calls_during_the_write_wait_for_it_and_later_calls_write_nothing()
    {
        var write = new TaskCompletionSource<bool>();
        _writes.Enqueue(write.Task);
        var calls = new[] { _fence.TakeAsync(), _fence.TakeAsync() };
        Assert.That(calls, Has.All.Property(nameof(Task.IsCompleted)).False);
        write.SetResult(true);
        Assert.That(await Task.WhenAll(calls), Is.All.True);
        Assert.That(await _fence.TakeAsync(), Is.True);
        Assert.That(_writes, Is.Empty);
    }

    [Test]
    public async Task Next_call_after_a_failed_write_writes_again()
    {
        _writes.Enqueue(Task.FromResult(false));
        _writes.Enqueue(Task.FromException<bool>(new TimeoutException()));
        _writes.Enqueue(Task.FromResult(true));
        Assert.That(await _fence.TakeAsync(), Is.False);
        Assert.That(async () => await _fence.TakeAsync(), Throws.TypeOf<TimeoutException>());
        Assert.That(await _fence.TakeAsync(), Is.True);
    }

    [Test]
    public async Task Silo_that_is_lost_during_the_write_confirms_nothing()
    {
        _writes.Enqueue(Task.FromResult(true));
        _gate.Close();
        var confirming = _fence.ConfirmAsync();
        Assert.That(confirming.IsCompleted, Is.False);
        _gate.Lose();
        Assert.That(await confirming, Is.False);
    }

    [Test]
    public async Task Lost_fence_ends_the_activation_once_and_is_not_taken_again()
    {
        var write = new TaskCompletionSource<bool>();
        _writes.Enqueue(write.Task);
        var taking = _fence.TakeAsync();
        _fence.Lose();
        _fence.Lose();
        write.SetResult(true);
        Assert.That((await taking, await _fence.TakeAsync(), await _fence.ConfirmAsync()), Is.EqualTo((false, false, false)));
        Assert.That(_ended, Is.EqualTo(1));
    }

    [Test]
    public async Task Retaking_the_fence_waits_for_a_write_of_its_own()
    {
        var earlier = new TaskCompletionSource<bool>();
        _writes.Enqueue(earlier.Task);
        _writes.Enqueue(Task.FromResult(false));
        var taking = _fence.TakeAsync();
        var retaking = _fence.RetakeAsync();
        earlier.SetResult(true);
        Assert.That((await taking, await retaking), Is.EqualTo((true, false)));
    }

    [Test]
    public async Task Silo_that_the_table_shows_as_a_member_writes_once()
    {
        _writes.Enqueue(Task.FromResult(true));
        Assert.That(await _fence.ConfirmAsync(), Is.True);
        _time.Advance(TimeSpan.FromHours(1));
        Assert.That(await _fence.ConfirmAsync(), Is.True);
    }

    [Test]
    public async Task Silo_without_the_table_writes_again_when_its_last_write_is_old()
    {
        _gate.IsConfirmed = false;
        _writes.Enqueue(Task.FromResult(true));
        Assert.That(await _fence.ConfirmAsync(), Is.True);
        _time.Advance(_gate.Silence - TimeSpan.FromTicks(1));
        Assert.That(await _fence.ConfirmAsync(), Is.True);
        _time.Advance(TimeSpan.FromTicks(1));
        _writes.Enqueue(Task.FromResult(true));
        Assert.That(await _fence.ConfirmAsync(), Is.True);
        Assert.That(_writes, Is.Empty);
    }

    [Test]
    public async Task Silo_that_reaches_neither_the_table_nor_the_storage_confirms_nothing_until_it_reaches_one_of_them()
    {
        _writes.Enqueue(Task.FromResult(true));
        Assert.That(await _fence.ConfirmAsync(), Is.True);
        _gate.IsConfirmed = false;
        _time.Advance(_gate.Silence);
        _writes.Enqueue(Task.FromResult(false));
        Assert.That(await _fence.ConfirmAsync(), Is.False);
        Assert.That(await _fence.TakeAsync(), Is.True, "sessions that were admitted before may resume");
        _gate.IsConfirmed = true;
        Assert.That(await _fence.ConfirmAsync(), Is.True);
    }
}
