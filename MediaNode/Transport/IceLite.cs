using Hype.MediaNode.Net;
using Hype.MediaNode.Stun;

namespace Hype.MediaNode.Transport;

internal enum IceOutcome
{
    /// <summary>The request is authentic and was answered: the endpoint may send to its source address.</summary>
    Valid,

    /// <summary>The request is authentic, but was answered with an error (role conflict, unknown attribute).</summary>
    Refused,

    /// <summary>The request is not authentic; it was not answered.</summary>
    Unauthenticated,

    /// <summary>The message is not a binding request; it was not answered.</summary>
    Unexpected,

    /// <summary>The request is authentic, but above the rate limit; it was not answered.</summary>
    TooMany,
}

/// <summary>
/// The lite side of ICE (RFC 8445 §2.5) for one endpoint: it answers checks and never sends any. The selected address is the source of the
/// peer's newest nominating check, or of its first check before it nominates. Consent (RFC 7675) follows from the peer's checks: a peer
/// that stops checking has withdrawn its consent. After a restart (§9) it answers checks with the old and the new credentials, until the
/// first check with the new ones.
/// </summary>
internal sealed class IceLite(IceCredential credential)
{
    /// <summary>The time after the last authenticated check at which consent expires (RFC 7675 §5.1), µs.</summary>
    public const long ConsentTimeout = 30_000_000;

    /// <summary>
    /// The maximum number of answers to one endpoint's checks in a second. A full agent sends a check every 50 ms (RFC 8445 §14.2) and
    /// repeats it on a few pairs. More checks are a flood, and answers to them would slow down the other endpoints of this worker.
    /// </summary>
    public const int AnswersPerSecond = 100;

    private const long AnswerWindow = 1_000_000;
    private const int UnknownAttribute = 420;
    private const int RoleConflict = 487;

    private long _answersSince = long.MinValue / 2;
    private int _answers;

    public IceLite(byte[] ufrag, byte[] pwd)
        : this(new IceCredential(ufrag, pwd))
    {
    }

    public byte[] Ufrag => Credential.Ufrag;

    public IceCredential Credential { get; private set; } = credential;

    /// <summary>The ICE credentials that replace the current ones during a restart; null: no restart is in progress.</summary>
    public IceCredential? Next { get; private set; }

    /// <summary>The address to which the endpoint sends; valid if <see cref="HasSelected"/>.</summary>
    public TransportAddress Selected { get; private set; }

    public bool HasSelected { get; private set; }

    /// <summary>The time of the last authenticated check, in microseconds of the worker's clock.</summary>
    public long LastCheck { get; private set; }

    /// <summary>
    /// The time of the last check by which the peer nominated a candidate pair of this node; a peer nominates the pair that it uses (RFC
    /// 8445 §8.1.1).
    /// </summary>
    public long LastNomination { get; private set; } = long.MinValue / 2;

    public void Restart(IceCredential next) => Next = next;

    /// <summary>Authenticates a STUN request and writes the answer, if the request gets one.</summary>
    public IceOutcome Handle(in StunMessage message, TransportAddress from, long now, Span<byte> answer, out int answerLength)
    {
        answerLength = 0;
        if (message.Class != StunClass.Request || message.Method != StunMethod.Binding)
            return IceOutcome.Unexpected;
        var restarts = Next is not null && message.TryGetUsername(out var ufrag, out _) && Next.Has(ufrag);
        var pwd = restarts ? Next!.Pwd : Credential.Pwd;
        if (!message.VerifyIntegrity(pwd))
            return IceOutcome.Unauthenticated;
        if (restarts)
            (Credential, Next) = (Next!, null);
        // A check is consent, answered or not.
        LastCheck = now;
        if (!MayAnswer(now))
            return IceOutcome.TooMany;
        if (message.HasUnknownRequired)
        {
            Span<ushort> unknown = stackalloc ushort[8];
            var count = message.CopyUnknownRequired(unknown);
            answerLength = StunWriter.WriteBindingError(answer, message.TransactionId, UnknownAttribute, pwd, unknown[..count]);
            return IceOutcome.Refused;
        }

        if (message.IceControlled is not null)
        {
            // A lite agent is always controlled: the peer must take the other role (RFC 8445 §7.3.1.1).
            answerLength = StunWriter.WriteBindingError(answer, message.TransactionId, RoleConflict, pwd);
            return IceOutcome.Refused;
        }

        if (message.HasUseCandidate)
            LastNomination = now;
        if (message.HasUseCandidate || !HasSelected)
        {
            Selected = from;
            HasSelected = true;
        }

        Span<byte> address = stackalloc byte[16];
        var addressLength = from.CopyAddressTo(address);
        answerLength = StunWriter.WriteBindingSuccess(answer, message.TransactionId, address[..addressLength], from.Port, pwd);
        return IceOutcome.Valid;
    }

    public bool ConsentExpired(long now) => HasSelected && now - LastCheck > ConsentTimeout;

    private bool MayAnswer(long now)
    {
        if (now - _answersSince >= AnswerWindow)
            (_answersSince, _answers) = (now, 0);
        return ++_answers <= AnswersPerSecond;
    }
}
