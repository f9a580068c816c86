using Hype.Grains.Silos;

namespace Hype.Grains.Tests.Testing;

/// <summary>A membership gate that a test closes and opens.</summary>
internal sealed class FakeGate : IMembershipGate
{
    private TaskCompletionSource<bool>? _opened;
    private TaskCompletionSource _came = New();

    public bool IsConfirmed { get; set; } = true;

    public TimeSpan ClosedFor => TimeSpan.Zero;

    /// <summary>Completes when something waits at the closed gate.</summary>
    public Task Came => _came.Task;

    public ValueTask<bool> PassAsync()
    {
        if (_opened is not { } opened)
            return ValueTask.FromResult(true);
        _came.TrySetResult();
        return new ValueTask<bool>(opened.Task);
    }

    public void Close()
    {
        _came = New();
        _opened = new TaskCompletionSource<bool>(TaskCreationOptions.RunContinuationsAsynchronously);
    }

    public void Open()
    {
        var opened = _opened!;
        _opened = null;
        opened.SetResult(true);
    }

    private static TaskCompletionSource New() => new(TaskCreationOptions.RunContinuationsAsynchronously);
}
