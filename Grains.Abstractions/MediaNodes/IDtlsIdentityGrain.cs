using Hype.Grains.Abstractions.Calls;
using Orleans.CodeGeneration;

namespace Hype.Grains.Abstractions.MediaNodes;

/// <summary>
/// The grain (key 0) of the cluster's DTLS certificate. It creates the certificate on first use and holds it only in memory. Channels send
/// the certificate to media nodes with each room, so that any node can serve any endpoint. If the certificate is lost, the grain creates
/// another one; connected endpoints continue, because they already have their keys.
/// </summary>
[Alias("hype.IDtlsIdentityGrain"), Version(1)]
public interface IDtlsIdentityGrain : IGrainWithIntegerKey
{
    [Alias("Get"), Idempotent, ResponseTimeout(CallTimeouts.Attempt)]
    Task<DtlsIdentity> Get();
}
