using Hype.Grains.Storage;
using Hype.Grains.Tests.Testing;

namespace Hype.Grains.Tests.Storage;

public sealed class StateStoreTests
{
    [Test]
    public async Task Saves_requested_during_a_write_are_combined_into_the_next_write()
    {
        var state = new FakePersistentState<object> { Pause = new TaskCompletionSource() };
        var store = new StateStore<object>(state);
        var first = store.SaveAsync();
        var (second, third) = (store.SaveAsync(), store.SaveAsync());
        state.Pause.SetResult();
        await Task.WhenAll(first, second, third);
        Assert.That(state.Writes, Is.EqualTo(2));
    }

    [Test]
    public async Task Write_after_a_failed_write_succeeds()
    {
        var state = new FakePersistentState<object> { Failure = new TimeoutException() };
        var store = new StateStore<object>(state);
        Assert.That(async () => await store.SaveAsync(), Throws.InstanceOf<TimeoutException>());
        state.Failure = null;
        await store.SaveAsync();
        Assert.That(state.Writes, Is.EqualTo(1));
    }
}
