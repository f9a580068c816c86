using Hype.Grains.Abstractions.MediaNodes;

namespace Hype.Grains.Tests.Testing;

/// <summary>The cluster's DTLS certificate, of three bytes.</summary>
internal sealed class FakeCertificate : IDtlsIdentityGrain
{
    public Task<DtlsIdentity> Get() => Task.FromResult(new DtlsIdentity([1, 2, 3], [4], "F"));
}
