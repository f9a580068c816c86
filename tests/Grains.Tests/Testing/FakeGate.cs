using Hype.Grains.Silos;

namespace Hype.Grains.Tests.Testing;

/// <summary>A membership gate that a test closes and opens.</summary>
internal sealed class FakeGate : IMembershipGate
{
    private TaskCompletionSource<bool>? _opened;
    private TaskCompletionSource _waiting = New();

    public bool IsConfirmed { get; set; } = true;

    public TimeSpan ClosedFor => TimeSpan.Zero;

    public TimeSpan Silence => TimeSpan.FromSeconds(3);

    /// <summary>Completes when something waits at the closed gate.</summary>
    public Task Waiting => _waiting.Task;

    public ValueTask<bool> PassAsync()
    {
        if (_opened is not { } opened)
            return ValueTask.FromResult(true);
        _waiting.TrySetResult();
        return new ValueTask<bool>(opened.Task);
    }

    public void Close()
    {
        _waiting = New();
        // Code outside a grain continues before Open and Lose return, so that a test needs no waiting.
        _opened = new TaskCompletionSource<bool>();
    }

    public void Open()
    {
        var opened = _opened!;
        _opened = null;
        opened.SetResult(true);
    }

    /// <summary>The silo is no longer a member of the cluster.</summary>
    public void Lose() => _opened!.SetResult(false);

    private static TaskCompletionSource New() => new(TaskCreationOptions.RunContinuationsAsynchronously);
}
