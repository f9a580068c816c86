using Hype.MediaNode.Srtp;

namespace Hype.Benchmarks.Parts;

/// <summary>The master key and salt of one peer for one profile; each peer has different ones.</summary>
internal sealed class SrtpKeys
{
    private readonly SrtpProfile _profile;
    private readonly byte[] _key;
    private readonly byte[] _salt;

    public SrtpKeys(SrtpProfile profile, int peer)
    {
        var lengths = SrtpProfileParameters.Of(profile);
        var random = new Random(peer);
        (_profile, _key, _salt) = (profile, new byte[lengths.KeyLength], new byte[lengths.SaltLength]);
        random.NextBytes(_key);
        random.NextBytes(_salt);
    }

    public SrtpSender NewSender() => new(_profile, _key, _salt);

    public SrtpReceiver NewReceiver() => new(_profile, _key, _salt);
}
