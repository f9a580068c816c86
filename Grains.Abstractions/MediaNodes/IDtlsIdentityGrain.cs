using Hype.Grains.Abstractions.Calls;

namespace Hype.Grains.Abstractions.MediaNodes;

/// <summary>
/// The cluster's DTLS certificate, key 0. It is created on first use, held in memory only, and sent to nodes with each room, so that any
/// node can present it for any endpoint of the cluster. A lost certificate is replaced: connected endpoints already have their keys.
/// </summary>
[Alias("hype.IDtlsIdentityGrain")]
public interface IDtlsIdentityGrain : IGrainWithIntegerKey
{
    [Alias("Get"), ResponseTimeout(CallTimeouts.Attempt)]
    Task<DtlsIdentity> Get();
}
