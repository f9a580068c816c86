using System.Security.Cryptography;
using System.Text;
using Hype.MediaNode.Dtls;
using Hype.MediaNode.Net;
using Hype.MediaNode.Rtp;
using Hype.MediaNode.Srtp;
using Hype.MediaNode.Stun;
using Hype.MediaNode.Tickets;

namespace Hype.MediaNode.Tests.Tickets;

/// <summary>Creates valid tickets with invented keys, indices and addresses.</summary>
internal static class SampleTicket
{
    public const string Pwd = "the+secret+password+of+ice";

    public const string ClientPwd = "the+password+of+the+client";

    public static TransportTicket New(SrtpProfile profile = SrtpProfile.AeadAes128Gcm, int slots = 3, bool restarting = false)
    {
        var keys = new TransportKeys(profile);
        RandomNumberGenerator.Fill(keys.Material);
        return new TransportTicket(keys)
        {
            Version = 7,
            Ice = new IceCredential("ufrag7"u8.ToArray(), Encoding.ASCII.GetBytes(Pwd)),
            NextIce = restarting ? new IceCredential("ufrag8"u8.ToArray(), "another+password+of+22+chars"u8.ToArray()) : null,
            ClientIce = new IceCredential("client7"u8.ToArray(), Encoding.ASCII.GetBytes(ClientPwd)),
            ClientHost = TransportAddress.FromIPv4([192, 0, 2, 7], 0),
            PeerFingerprint = CertificateFingerprint.TryCreate("sha-384", [.. Enumerable.Range(0, 48).Select(i => (byte)i)])!,
            NodeFingerprint = SHA256.HashData("node"u8),
            At = 1_800_000_000_000_000,
            RtcpBound = new SrtpIndex(1024),
            Slots = [.. Enumerable.Range(0, slots).Select(Slot)],
            Received = [Source(0xA000_0001, 0x2_FFFF), Source(0xA000_0002, 0)],
            ReceivedRtcp = [Source(0xA000_0001, 17)],
        };
    }

    private static TicketSlot Slot(int slot) =>
        new(
            new Ssrc((uint)slot + 70),
            new SrtpIndex(slot == 0 ? 0x6000 : 0x1_2345 + slot),
            new SrtpIndex(slot == 0 ? 0 : 0x1_0000),
            0xFFFF_0000);

    private static ReceivedSource Source(uint ssrc, long highest) => new(new Ssrc(ssrc), new SrtpIndex(highest));
}
