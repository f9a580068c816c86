using Hype.Grains.Channels;

namespace Hype.Grains.Tests.Channels;

[FixtureLifeCycle(LifeCycle.InstancePerTestCase)]
public sealed class ChannelFenceTests
{
    private readonly Queue<Task<bool>> _writes = [];
    private readonly ChannelFence _fence;

    public ChannelFenceTests() => _fence = new ChannelFence(() => _writes.Dequeue());

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
}
