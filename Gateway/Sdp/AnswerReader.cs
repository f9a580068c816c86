using System.Globalization;
using Hype.Grains.Abstractions.MediaNodes;

namespace Hype.Gateway.Sdp;

/// <summary>
/// Reads the fields that the media node needs from a client's SDP answer to our offer (<see cref="OfferWriter"/>), and checks that
/// the rest is as required. The input may be any text; no exception is thrown.
/// <code>
/// v=0 …                       session part: may have setup, fingerprint and ICE credentials for all m-lines
/// a=group:BUNDLE mic s0 s1
/// m=audio 9 UDP/TLS/RTP/SAVPF 111 63
/// a=mid:mic                   one media part per m-line; in a bundle the first one's transport counts (RFC 9143 §7.3)
/// </code>
/// </summary>
internal static class AnswerReader
{
    public const int MaxLines = 2_000;
    public const int MaxLineLength = 4_096;

    /// <param name="sdp">The text of the answer.</param>
    /// <param name="epoch">The layout that the answer belongs to.</param>
    /// <param name="mediaCount">The m-lines of the offer; null when another gateway sent it: then only the form is checked.</param>
    /// <param name="answer">The fields for the media node; null when there is a flaw.</param>
    public static AnswerFlaw Read(string sdp, LayoutEpoch epoch, int? mediaCount, out SfuAnswer? answer)
    {
        answer = null;
        var flaw = Parse(sdp, out var parsed);
        if (flaw == AnswerFlaw.None)
            flaw = CheckMedia(parsed, mediaCount);
        if (flaw != AnswerFlaw.None)
            return flaw;
        var (session, first) = (parsed.Session, parsed.Media[0]);
        if (!first.RtcpMux)
            return AnswerFlaw.NoRtcpMux;
        if ((first.Setup ?? session.Setup) != "active")
            return AnswerFlaw.NotActive;
        var (ufrag, pwd) = (first.Ufrag ?? session.Ufrag, first.Pwd ?? session.Pwd);
        if (!IsIceText(ufrag, 4) || !IsIceText(pwd, 22))
            return AnswerFlaw.IceCredentials;
        if ((first.Fingerprint ?? session.Fingerprint) is not var (algorithm, fingerprint))
            return AnswerFlaw.Fingerprint;
        answer = new SfuAnswer
        {
            Epoch = epoch,
            IceUfrag = ufrag!,
            IcePwd = pwd!,
            FingerprintAlgorithm = algorithm,
            Fingerprint = fingerprint,
        };
        return AnswerFlaw.None;
    }

    private static AnswerFlaw Parse(string sdp, out Answer answer)
    {
        answer = new Answer();
        var part = answer.Session;
        var count = 0;
        foreach (var raw in sdp.AsSpan().EnumerateLines())
        {
            if (++count > MaxLines || raw.Length > MaxLineLength)
                return AnswerFlaw.TooLong;
            var line = raw.TrimEnd();
            if (line.IsEmpty)
                continue;
            if (line.Length < 2 || line[1] != '=' || (count == 1 && line is not "v=0"))
                return AnswerFlaw.NotSdp;
            var value = line[2..];
            if (line[0] == 'm')
                answer.Media.Add(part = new Part { Media = value.ToString().Split(' ', StringSplitOptions.RemoveEmptyEntries) });
            else if (line[0] == 'a')
                ReadAttribute(answer, part, value);
        }

        return answer.Media.Count == 0 ? AnswerFlaw.NotSdp : AnswerFlaw.None;
    }

    private static void ReadAttribute(Answer answer, Part part, ReadOnlySpan<char> attribute)
    {
        var colon = attribute.IndexOf(':');
        var name = colon < 0 ? attribute : attribute[..colon];
        var value = colon < 0 ? [] : attribute[(colon + 1)..].Trim();
        switch (name)
        {
            case "group" when value.StartsWith("BUNDLE "):
                foreach (var mid in value["BUNDLE ".Length..].Split(' '))
                    answer.Bundle.Add(value["BUNDLE ".Length..][mid].ToString());
                break;
            case "mid":
                part.Mid = value.ToString();
                break;
            case "ice-ufrag":
                part.Ufrag = value.ToString();
                break;
            case "ice-pwd":
                part.Pwd = value.ToString();
                break;
            case "fingerprint":
                // A client may list one certificate under several hashes (RFC 8122 §5): the first supported one counts.
                part.Fingerprint ??= ReadFingerprint(value.ToString());
                break;
            case "setup":
                part.Setup = value.ToString();
                break;
            case "rtcp-mux":
                part.RtcpMux = true;
                break;
            case "rtpmap" when value.StartsWith(OpusPrefix):
                part.Opus = value[OpusPrefix.Length..].ToString();
                break;
        }
    }

    private static readonly string OpusPrefix = string.Create(CultureInfo.InvariantCulture, $"{OfferWriter.OpusPayloadType} ");
    private static readonly string OpusFormat = OpusPrefix.Trim();

    private static AnswerFlaw CheckMedia(Answer answer, int? mediaCount)
    {
        if (mediaCount is { } offered ? answer.Media.Count != offered : answer.Media.Count < 2)
            return AnswerFlaw.MediaCount;
        for (var i = 0; i < answer.Media.Count; i++)
        {
            // m=audio 9 UDP/TLS/RTP/SAVPF 111 63
            var part = answer.Media[i];
            if (part.Media.Length < 4 || part.Media[0] != "audio" || part.Media[2] != "UDP/TLS/RTP/SAVPF")
                return AnswerFlaw.NotAudio;
            if (!ushort.TryParse(part.Media[1], NumberStyles.None, CultureInfo.InvariantCulture, out var port))
                return AnswerFlaw.NotAudio;
            if (port == 0)
                return AnswerFlaw.MediaRejected;
            if (part.Mid != (i == 0 ? OfferWriter.FirstMid : OfferWriter.SlotMid(i - 1)))
                return AnswerFlaw.Mid;
            if (!answer.Bundle.Contains(part.Mid))
                return AnswerFlaw.NotBundled;
            if (!part.Media.AsSpan(3).Contains(OpusFormat)
                || part.Opus?.StartsWith("opus/48000", StringComparison.OrdinalIgnoreCase) != true)
                return AnswerFlaw.NoOpus;
        }

        return AnswerFlaw.None;
    }

    /// <summary>Checks an ICE credential (RFC 8839 §5.4): ice-char = ALPHA / DIGIT / "+" / "/", at most 256 of them.</summary>
    private static bool IsIceText(string? text, int least) =>
        text is not null && text.Length >= least && text.Length <= 256 && text.All(c => char.IsAsciiLetterOrDigit(c) || c is '+' or '/');

    /// <summary>
    /// Reads a fingerprint (RFC 8122 §5): <c>sha-256 12:AB:…</c>; returns null for a malformed one and for a hash function that the media
    /// node does not support.
    /// </summary>
    private static Fingerprint? ReadFingerprint(string text)
    {
        if (text.Split(' ', StringSplitOptions.RemoveEmptyEntries) is not [var name, var hex])
            return null;
        var algorithm = name.ToLowerInvariant();
        var length = algorithm switch { "sha-256" => 32, "sha-384" => 48, "sha-512" => 64, _ => 0 };
        if (length == 0 || hex.Length != (length * 3) - 1)
            return null;
        var hash = new byte[length];
        for (var i = 0; i < length; i++)
        {
            if (!byte.TryParse(hex.AsSpan(i * 3, 2), NumberStyles.AllowHexSpecifier, CultureInfo.InvariantCulture, out hash[i]))
                return null;
            if (i < length - 1 && hex[(i * 3) + 2] != ':')
                return null;
        }

        return new Fingerprint(algorithm, hash);
    }

    private sealed record Fingerprint(string Algorithm, byte[] Hash);

    /// <summary>A media part (an m-line and the lines after it), or the session part (the lines before the first m-line).</summary>
    private sealed class Part
    {
        public string[] Media { get; init; } = [];

        public string? Mid { get; set; }

        public string? Ufrag { get; set; }

        public string? Pwd { get; set; }

        public Fingerprint? Fingerprint { get; set; }

        public string? Setup { get; set; }

        public bool RtcpMux { get; set; }

        /// <summary>
        /// The encoding (<c>opus/48000/2</c>) in the <c>a=rtpmap</c> line of the offered Opus payload type; null if the media section has
        /// no such line.
        /// </summary>
        public string? Opus { get; set; }
    }

    private sealed class Answer
    {
        public Part Session { get; } = new();

        public List<Part> Media { get; } = [];

        public HashSet<string> Bundle { get; } = new(StringComparer.Ordinal);
    }
}
