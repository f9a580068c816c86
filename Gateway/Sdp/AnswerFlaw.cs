namespace Hype.Gateway.Sdp;

/// <summary>The reason for which an SDP answer cannot be used.</summary>
internal enum AnswerFlaw
{
    None,
    TooLong,
    NotSdp,
    MediaCount,
    MediaRejected,
    NotAudio,
    Mid,
    NotBundled,
    NoRtcpMux,
    NotActive,
    Fingerprint,
    IceCredentials,
    NoOpus,
}

internal static class AnswerFlaws
{
    /// <summary>Returns a sentence about a flaw for the developer of a client; the gateway sends it with <c>invalidAnswer</c>.</summary>
    public static string Describe(AnswerFlaw flaw) => flaw switch
    {
        AnswerFlaw.None => "nothing is wrong",
        AnswerFlaw.TooLong => $"more than {AnswerReader.MaxLines} lines, or a line of more than {AnswerReader.MaxLineLength} characters",
        AnswerFlaw.NotSdp => "the text is not SDP: lines of one letter, '=' and a value, the first of them v=0",
        AnswerFlaw.MediaCount => "each m-line of the offer must be answered by one, in the same order",
        AnswerFlaw.MediaRejected => "an m-line is rejected with port 0",
        AnswerFlaw.NotAudio => "an m-line is not audio over UDP/TLS/RTP/SAVPF",
        AnswerFlaw.Mid => "the m-lines must have the offer's mids: mic, s0, s1 and so on",
        AnswerFlaw.NotBundled => "a=group:BUNDLE must name every mid",
        AnswerFlaw.NoRtcpMux => "a=rtcp-mux is missing",
        AnswerFlaw.NotActive => "a=setup must be active: the client starts DTLS",
        AnswerFlaw.Fingerprint => "a=fingerprint is missing or malformed: sha-256, sha-384 or sha-512 and colon-separated hex",
        AnswerFlaw.IceCredentials => "a=ice-ufrag (4-256) or a=ice-pwd (22-256 characters) is missing or malformed",
        AnswerFlaw.NoOpus => "an m-line does not accept opus as payload type 111",
        _ => throw new ArgumentOutOfRangeException(nameof(flaw), flaw, "A flaw without a description."),
    };
}
