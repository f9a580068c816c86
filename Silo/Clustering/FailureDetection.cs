using Orleans.Configuration;

namespace Hype.Silo.Clustering;

/// <summary>
/// The times in which silos detect the death of another silo, derived from <c>Hype:Cluster:ProbeTimeout</c>. Orleans adapts the timeout of
/// a probe to measured latencies, between <see cref="ShortestProbe"/> and <see cref="LongestProbe"/>. A silo votes for another one's death
/// after <see cref="MissedProbes"/> missed probes in a row, but not while a message of the other one is younger than
/// <see cref="Silence"/>. Only silence counts for a host that vanishes without closing its connections, so a bound of the probe bounds the
/// detection. See docs/decisions/0037-the-directory-lease-is-positive.md.
/// </summary>
/// <param name="ProbeTimeout">The timeout of the first probe.</param>
internal sealed record FailureDetection(TimeSpan ProbeTimeout)
{
    public const int MissedProbes = 3;

    public TimeSpan ShortestProbe => ProbeTimeout / 2;

    public TimeSpan LongestProbe => ProbeTimeout * 4 / 3;

    /// <summary>The longest silence of a live silo; Orleans also calls it the failure detection timeout.</summary>
    public TimeSpan Silence => LongestProbe * MissedProbes;

    /// <summary>
    /// The pause after which a silo reads the membership table before it answers: a silo that paused for less than
    /// <see cref="Silence"/> is alive for all others.
    /// </summary>
    public TimeSpan LongestPause => Silence * 3 / 4;

    /// <summary>
    /// The time after the declaration of a silo's death for which the grain directory does not reassign the silo's grains. A silo that
    /// was declared dead but runs receives the gossip of the others within this time, and stops.
    /// </summary>
    public TimeSpan DirectoryHold => ProbeTimeout / 2;

    public void Configure(ClusterMembershipOptions membership)
    {
        membership.ProbeTimeout = ProbeTimeout;
        membership.MinProbeTimeout = ShortestProbe;
        membership.MaxProbeTimeout = LongestProbe;
        membership.NumMissedProbesLimit = MissedProbes;
    }

    /// <summary>Sets the lease of the directory, which Orleans counts from the estimated time of death.</summary>
    public void Configure(GrainDirectoryOptions directory) => directory.RangeLeaseDuration = Silence + DirectoryHold;
}
