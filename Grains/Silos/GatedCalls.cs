namespace Hype.Grains.Silos;

/// <summary>Passes the <see cref="IMembershipGate"/> in code that cannot continue without it.</summary>
internal static class GatedCalls
{
    /// <summary>Waits until this silo may act.</summary>
    /// <exception cref="SiloUnavailableException">The silo is no longer a member of the cluster.</exception>
    public static async ValueTask RequireAsync(this IMembershipGate gate)
    {
        if (!await gate.PassAsync())
            throw new SiloUnavailableException("This silo is no longer a member of the cluster.");
    }

    /// <summary>Awaits a call, and then waits until this silo may act on its result: the silo may have been paused meanwhile.</summary>
    public static async Task<T> AfterAsync<T>(this IMembershipGate gate, Task<T> call)
    {
        var result = await call;
        await gate.RequireAsync();
        return result;
    }
}
