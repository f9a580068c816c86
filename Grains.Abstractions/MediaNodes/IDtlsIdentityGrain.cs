using Hype.Grains.Abstractions.Channels;

namespace Hype.Grains.Abstractions.MediaNodes;

/// <summary>
/// The cluster's DTLS certificate, key 0: made at first need, kept in memory only, handed to nodes with each room. Any node
/// can so speak for any transport of the cluster. A lost one is replaced: running transports have their keys already.
/// </summary>
[Alias("hype.IDtlsIdentityGrain")]
public interface IDtlsIdentityGrain : IGrainWithIntegerKey
{
    [Alias("Get"), ResponseTimeout(IChannelGrain.Attempt)]
    Task<DtlsIdentity> Get();
}
