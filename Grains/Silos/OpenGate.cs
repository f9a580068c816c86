namespace Hype.Grains.Silos;

/// <summary>The gate of a silo without a membership table: no other silo can declare it dead.</summary>
internal sealed class OpenGate : IMembershipGate
{
    public bool IsConfirmed => true;

    public TimeSpan ClosedFor => TimeSpan.Zero;

    public TimeSpan Silence => TimeSpan.MaxValue;

    public ValueTask<bool> PassAsync() => ValueTask.FromResult(true);
}
