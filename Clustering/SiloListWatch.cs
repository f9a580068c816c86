using Orleans.Messaging;

namespace Hype.Clustering;

/// <summary>
/// The list of silos that a client reads periodically; announces when a silo has left it. A client is connected only to some silos, and
/// the others may die with its calls and with the events that they were about to send to it.
/// </summary>
/// <param name="list">Reads the list.</param>
/// <param name="time">The clock of the delay.</param>
/// <param name="lost">Called <see cref="Delay"/> after each reading without a silo of the reading before.</param>
internal sealed class SiloListWatch(IGatewayListProvider list, TimeProvider time, Action lost) : IGatewayListProvider
{
    /// <summary>
    /// The time in which the other silos learn of a death: the silo that declares it writes it to the list first. Calls that are repeated
    /// earlier may be forwarded to the dead silo again.
    /// </summary>
    internal static readonly TimeSpan Delay = TimeSpan.FromMilliseconds(250);

    private HashSet<Uri> _silos = [];

    public TimeSpan MaxStaleness => list.MaxStaleness;

    [Obsolete("Orleans no longer uses it.")]
    public bool IsUpdatable => list.IsUpdatable;

    public Task InitializeGatewayListProvider() => list.InitializeGatewayListProvider();

    public async Task<IList<Uri>> GetGateways()
    {
        var silos = await list.GetGateways();
        if (!Interlocked.Exchange(ref _silos, [.. silos]).IsSubsetOf(silos))
            _ = AnnounceAsync();
        return silos;
    }

    private async Task AnnounceAsync()
    {
        await Task.Delay(Delay, time);
        lost();
    }
}
