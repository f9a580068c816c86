namespace Hype.Grains.Tests.Testing;

/// <summary>A grain timer that never fires, and records the delay after which it should.</summary>
internal sealed class FakeGrainTimer : IGrainTimer
{
    public TimeSpan? Due { get; private set; }

    public void Change(TimeSpan dueTime, TimeSpan period) => Due = dueTime;

    public void Dispose()
    {
    }
}
