using Microsoft.Extensions.Options;
using Orleans.Configuration;

namespace Hype.Silo.Clustering;

/// <summary>
/// Stops the start of a silo whose grain directory would reassign a dead silo's grains without any delay. Orleans subtracts the longest
/// detection from the lease, and takes a negative difference for zero without a warning.
/// </summary>
internal sealed class DirectoryLeaseValidator(
    IOptions<ClusterMembershipOptions> membership, IOptions<GrainDirectoryOptions> directory) : IConfigurationValidator
{
    public void ValidateConfiguration()
    {
        var lease = directory.Value.RangeLeaseDuration;
        var (probe, missed) = (membership.Value.MaxProbeTimeout, membership.Value.NumMissedProbesLimit);
        if (lease <= probe * missed)
        {
            throw new OrleansConfigurationException(
                $"{nameof(GrainDirectoryOptions)}.{nameof(GrainDirectoryOptions.RangeLeaseDuration)} is {lease}. It must be longer than "
                    + $"{probe * missed}: {nameof(ClusterMembershipOptions)}.{nameof(ClusterMembershipOptions.MaxProbeTimeout)} ({probe}) "
                    + $"times {nameof(ClusterMembershipOptions.NumMissedProbesLimit)} ({missed}). Otherwise two silos may run one grain. "
                    + "Do not set these options: Hype:Cluster:ProbeTimeout sets all three.");
        }
    }
}
