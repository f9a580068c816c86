using System.Globalization;
using System.Net;
using Hype.LoadTest.Media;
using Hype.MediaClient;
using Hype.MediaNode.Net;

namespace Hype.LoadTest.Sdp;

/// <summary>The parts of an SDP (RFC 8866) that a client needs: one bundled transport, and the audio parameters.</summary>
/// <param name="Remote">The ICE credentials, fingerprint and candidates; those of the first m-line if each m-line has its own.</param>
/// <param name="Mids">The mids in the order of the m-lines.</param>
/// <param name="OpusPayloadType">The payload type of opus, from <c>a=rtpmap</c> of the first m-line.</param>
/// <param name="LevelExtension">The extension id of the RFC 6464 audio level; 0: not offered.</param>
internal sealed record SdpDescription(RemoteTransport Remote, IReadOnlyList<string> Mids, byte OpusPayloadType, byte LevelExtension)
{
    private const string LevelUri = "urn:ietf:params:rtp-hdrext:ssrc-audio-level";

    /// <exception cref="FormatException">A required part is missing.</exception>
    public static SdpDescription Parse(string sdp)
    {
        var attributes = new Dictionary<string, string>(StringComparer.Ordinal);
        var mids = new List<string>();
        var addresses = new List<TransportAddress>();
        byte opus = 0, level = 0;
        foreach (var line in sdp.Split('\n', StringSplitOptions.TrimEntries | StringSplitOptions.RemoveEmptyEntries))
        {
            if (!line.StartsWith("a=", StringComparison.Ordinal))
                continue;
            var (name, value) = line.IndexOf(':') is var colon and > 0 ? (line[2..colon], line[(colon + 1)..]) : (line[2..], "");
            switch (name)
            {
                case "mid":
                    mids.Add(value);
                    break;
                case "candidate" when TryReadCandidate(line[2..], out var address, out _):
                    addresses.Add(address);
                    break;
                case "rtpmap" when opus == 0 && value.Split(' ') is [var type, var codec]
                    && codec.StartsWith("opus/48000", StringComparison.OrdinalIgnoreCase):
                    opus = byte.Parse(type, CultureInfo.InvariantCulture);
                    break;
                case "extmap" when level == 0 && value.Split(' ') is [var id, LevelUri, ..]:
                    level = byte.Parse(id.Split('/')[0], CultureInfo.InvariantCulture);
                    break;
                default:
                    attributes.TryAdd(name, value);
                    break;
            }
        }

        if (opus == 0)
            throw new FormatException("The SDP offers no opus.");
        var ice = new IceCredentials(Required(attributes, "ice-ufrag"), Required(attributes, "ice-pwd"));
        var remote = new RemoteTransport(ice, addresses, Fingerprint(Required(attributes, "fingerprint")))
        {
            IsLite = attributes.ContainsKey("ice-lite"),
        };
        return new SdpDescription(remote, mids, opus, level);
    }

    /// <summary>Parses a UDP candidate with an IP address (RFC 8839 §5.1); host names and TCP are not supported.</summary>
    /// <param name="text">With or without <c>candidate:</c> before it.</param>
    /// <param name="priority">The candidate's priority; the higher one is preferred.</param>
    public static bool TryReadCandidate(string text, out TransportAddress address, out uint priority)
    {
        (address, priority) = (default, 0);
        var parts = text.Split(' ', StringSplitOptions.RemoveEmptyEntries);
        if (parts.Length < 8 || !parts[2].Equals("udp", StringComparison.OrdinalIgnoreCase) || !IPAddress.TryParse(parts[4], out var ip))
            return false;
        if (!ushort.TryParse(parts[5], NumberStyles.None, CultureInfo.InvariantCulture, out var port)
            || !uint.TryParse(parts[3], NumberStyles.None, CultureInfo.InvariantCulture, out priority))
            return false;
        address = TransportAddress.From(new IPEndPoint(ip, port));
        return true;
    }

    private static string Required(Dictionary<string, string> attributes, string name) =>
        attributes.GetValueOrDefault(name) ?? throw new FormatException($"The SDP has no a={name}.");

    /// <summary>
    /// Parses a certificate fingerprint (RFC 8122 §5). Returns null for a hash other than SHA-256; the certificate is then not verified.
    /// </summary>
    private static byte[]? Fingerprint(string text) =>
        text.Split(' ', 2) is [var hash, var hex] && hash.Equals("sha-256", StringComparison.OrdinalIgnoreCase)
            ? Convert.FromHexString(hex.Replace(":", "", StringComparison.Ordinal))
            : null;
}
