using Hype.MediaNode.Ciphers;
using Hype.MediaNode.Rtp;
using Hype.MediaNode.Srtp;
using Hype.Testing.Vectors;

namespace Hype.MediaNode.Tests.Srtp;

/// <summary>Tests SRTP encryption and key derivation against published vectors.</summary>
[TestFixture(AesEngine.Auto)]
[TestFixture(AesEngine.OpenSsl)]
public sealed class SrtpVectorTests(AesEngine engine)
{
    [Test]
    public void Counter_mode_key_stream_matches_RFC_3711_B2()
    {
        var keys = new SrtpSessionKeys(Rfc3711.CounterMode.SessionKey, new byte[20], Rfc3711.CounterMode.SessionSalt);
        using var cipher = new CounterModeCipher(keys, keys, engine);
        var zeros = new byte[0xFF02 * 16];
        var packet = new byte[RtpHeader.FixedLength + zeros.Length + 10];

        cipher.ProtectRtp(packet, RtpHeader.FixedLength, zeros, default, default);

        foreach (var (block, expected) in Rfc3711.CounterMode.KeyStream)
            Assert.That(packet.AsSpan(RtpHeader.FixedLength + (block * 16), 16).ToArray(), Is.EqualTo(expected), $"block {block:X4}");
    }

    [Test]
    public void Session_keys_match_RFC_3711_B3()
    {
        byte[] Derive(SrtpKeyLabel label, int length) =>
            SessionKey(Rfc3711.KeyDerivation.MasterKey, Rfc3711.KeyDerivation.MasterSalt, label, length);

        Assert.That(Derive(SrtpKeyLabel.RtpEncryption, 16), Is.EqualTo(Rfc3711.KeyDerivation.CipherKey));
        Assert.That(Derive(SrtpKeyLabel.RtpSalt, 14), Is.EqualTo(Rfc3711.KeyDerivation.CipherSalt));
        Assert.That(Derive(SrtpKeyLabel.RtpAuthentication, 94), Is.EqualTo(Rfc3711.KeyDerivation.AuthenticationKey));
    }

    [Test]
    public void Session_keys_of_256_bits_match_RFC_6188()
    {
        byte[] Derive(SrtpKeyLabel label, int length) =>
            SessionKey(Rfc3711.KeyDerivation256.MasterKey, Rfc3711.KeyDerivation256.MasterSalt, label, length);

        Assert.That(Derive(SrtpKeyLabel.RtpEncryption, 32), Is.EqualTo(Rfc3711.KeyDerivation256.CipherKey));
        Assert.That(Derive(SrtpKeyLabel.RtpSalt, 14), Is.EqualTo(Rfc3711.KeyDerivation256.CipherSalt));
        Assert.That(Derive(SrtpKeyLabel.RtpAuthentication, 20), Is.EqualTo(Rfc3711.KeyDerivation256.AuthenticationKey));
    }

    [Test]
    public void AEAD_packets_match_RFC_7714()
    {
        foreach (var (key, srtp, srtcp) in new[]
        {
            (Rfc7714.Key128, Rfc7714.Srtp128, Rfc7714.Srtcp128), (Rfc7714.Key256, Rfc7714.Srtp256, Rfc7714.Srtcp256),
        })
        {
            var keys = new SrtpSessionKeys(key, [], Rfc7714.Salt);
            using var sealing = new GcmCipher(keys, keys, engine, sealing: true);
            using var opening = new GcmCipher(keys, keys, engine, sealing: false);

            var packet = new byte[srtp.Length];
            Rfc7714.Rtp.AsSpan(0, 12).CopyTo(packet);
            Assert.That(
                sealing.ProtectRtp(packet, 12, Rfc7714.Rtp.AsSpan(12), new Ssrc(Rfc7714.RtpSsrc), new SrtpIndex(Rfc7714.RtpIndex)),
                Is.EqualTo(srtp.Length));
            Assert.That(packet, Is.EqualTo(srtp));
            Assert.That(opening.TryUnprotectRtp(packet, 12, new Ssrc(Rfc7714.RtpSsrc), new SrtpIndex(Rfc7714.RtpIndex)), Is.True);
            Assert.That(packet[..Rfc7714.Rtp.Length], Is.EqualTo(Rfc7714.Rtp));

            var control = new byte[srtcp.Length];
            Assert.That(
                sealing.ProtectRtcp(control, Rfc7714.Rtcp, new Ssrc(Rfc7714.RtcpSsrc), new SrtpIndex(Rfc7714.RtcpIndex)),
                Is.EqualTo(srtcp.Length));
            Assert.That(control, Is.EqualTo(srtcp));
            Assert.That(opening.TryUnprotectRtcp(control, new Ssrc(Rfc7714.RtcpSsrc), 0x8000_0000 | Rfc7714.RtcpIndex), Is.True);
            Assert.That(control[..Rfc7714.Rtcp.Length], Is.EqualTo(Rfc7714.Rtcp));
        }
    }

    [Test]
    public void Authenticated_but_unencrypted_SRTCP_packet_matches_RFC_7714()
    {
        var keys = new SrtpSessionKeys(Rfc7714.Key128, [], Rfc7714.Salt);
        using var opening = new GcmCipher(keys, keys, engine, sealing: false);
        var packet = (byte[])Rfc7714.Srtcp128TagOnly.Clone();

        Assert.That(opening.TryUnprotectRtcp(packet, new Ssrc(Rfc7714.RtcpSsrc), Rfc7714.RtcpIndex), Is.True);
        Assert.That(packet[..Rfc7714.Rtcp.Length], Is.EqualTo(Rfc7714.Rtcp));
        packet[20] ^= 1;
        Assert.That(opening.TryUnprotectRtcp(packet, new Ssrc(Rfc7714.RtcpSsrc), Rfc7714.RtcpIndex), Is.False);
    }

    [Test]
    public void Packets_encrypted_from_a_master_key_match_those_of_libsrtp()
    {
        AssertSameAsLibSrtp(
            SrtpProfile.AesCm128HmacSha1_80,
            LibSrtp.CounterMode.MasterKey, LibSrtp.CounterMode.MasterSalt, LibSrtp.CounterMode.Srtp, LibSrtp.CounterMode.Srtcp);
        AssertSameAsLibSrtp(
            SrtpProfile.AeadAes128Gcm, LibSrtp.Gcm.MasterKey, LibSrtp.Gcm.MasterSalt, LibSrtp.Gcm.Srtp, LibSrtp.Gcm.Srtcp);
    }

    private void AssertSameAsLibSrtp(SrtpProfile profile, byte[] key, byte[] salt, byte[] srtp, byte[] srtcp)
    {
        using var sender = new SrtpSender(profile, key, salt, engine);
        using var receiver = new SrtpReceiver(profile, key, salt, aes: engine);

        var packet = new byte[LibSrtp.Rtp.Length + sender.RtpExpansion];
        LibSrtp.Rtp.AsSpan(0, 12).CopyTo(packet);
        Assert.That(sender.Protect(packet, 12, LibSrtp.Rtp.AsSpan(12)), Is.EqualTo(packet.Length));
        Assert.That(packet, Is.EqualTo(srtp), $"{profile} RTP");
        Assert.That(receiver.TryUnprotect(packet, out var length), Is.EqualTo(SrtpResult.Ok));
        Assert.That(packet[..length], Is.EqualTo(LibSrtp.Rtp));

        var control = new byte[LibSrtp.Rtcp.Length + sender.RtcpExpansion];
        sender.StartRtcpAt(new SrtpIndex(1));
        Assert.That(sender.ProtectRtcp(control, LibSrtp.Rtcp), Is.EqualTo(control.Length));
        Assert.That(control, Is.EqualTo(srtcp), $"{profile} RTCP");
        Assert.That(receiver.TryUnprotectRtcp(control, out length), Is.EqualTo(SrtpResult.Ok));
        Assert.That(control[..length], Is.EqualTo(LibSrtp.Rtcp));
    }

    private static byte[] SessionKey(byte[] masterKey, byte[] masterSalt, SrtpKeyLabel label, int length)
    {
        var key = new byte[length];
        SrtpKeyDerivation.Derive(masterKey, masterSalt, label, key);
        return key;
    }
}
