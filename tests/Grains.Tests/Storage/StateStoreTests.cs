using Hype.Grains.Storage;
using Hype.Grains.Tests.Testing;
using Orleans.Storage;

namespace Hype.Grains.Tests.Storage;

[FixtureLifeCycle(LifeCycle.InstancePerTestCase)]
public sealed class StateStoreTests
{
    private readonly FakeRow<Note> _row = new();
    private readonly FakePersistentState<Note> _state;
    private readonly StateStore<Note> _store;
    private readonly List<string?> _written = [];
    private string _text = "";

    public StateStoreTests()
    {
        _state = new FakePersistentState<Note>(_row);
        _store = new StateStore<Note>(_state, () => new Note { Text = _text, Writer = _store!.Writer }, note => _written.Add(note?.Text));
    }

    [Test]
    public async Task Saves_requested_during_a_write_are_combined_into_the_next_write()
    {
        _state.Pause = new TaskCompletionSource();
        _text = "one";
        var first = _store.SaveAsync();
        _text = "two";
        var second = _store.SaveAsync();
        _text = "three";
        var third = _store.SaveAsync();
        _state.Pause.SetResult();
        await Task.WhenAll(first, second, third);
        Assert.That((_state.Writes, _row.Value.Text, _store.IsStored), Is.EqualTo((2, "three", true)));
        Assert.That(_written, Is.EqualTo(new[] { "one", "three" }));
    }

    [Test]
    public async Task Write_after_a_failed_write_succeeds()
    {
        _state.Failure = new TimeoutException();
        Assert.That(async () => await _store.SaveAsync(), Throws.InstanceOf<TimeoutException>());
        Assert.That(_store.IsStored, Is.False);
        _state.Failure = null;
        await _store.SaveAsync();
        Assert.That((_state.Writes, _store.IsStored), Is.EqualTo((1, true)));
        Assert.That(_written, Is.EqualTo(new[] { null, "" }));
    }

    [Test]
    public async Task Write_that_was_committed_although_it_failed_is_adopted_by_the_next_write()
    {
        (_state.Failure, _state.CommitsBeforeFailure, _text) = (new TimeoutException(), true, "late");
        Assert.That(async () => await _store.SaveAsync(), Throws.InstanceOf<TimeoutException>());
        (_state.Failure, _text) = (null, "next");
        await _store.SaveAsync();
        Assert.That((_row.Value.Text, _row.Version, _state.State.Text), Is.EqualTo(("next", 2, "next")));
    }

    [Test]
    public async Task Write_of_another_activation_is_not_overwritten()
    {
        await _store.SaveAsync();
        _row.Write(new Note { Text = "foreign", Writer = Guid.NewGuid() });
        _text = "own";
        Assert.That(async () => await _store.SaveAsync(), Throws.InstanceOf<InconsistentStateException>());
        Assert.That((_row.Value.Text, _state.State.Text), Is.EqualTo(("foreign", "own")));
        Assert.That(async () => await _store.SaveAsync(), Throws.InstanceOf<InconsistentStateException>(), "nor by the next write");
    }

    private sealed class Note : IWrittenState
    {
        public string Text { get; init; } = "";

        public Guid Writer { get; init; }
    }
}
