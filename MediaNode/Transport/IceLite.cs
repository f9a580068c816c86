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
/// The lite side of ICE (RFC 8445 §2.5) for one endpoint: it answers the client's checks, and <see cref="Paths"/> selects the address to
/// send to. Beyond RFC 8445 it sends checks of its own: they validate an address before much is sent there, ask for consent (RFC 7675),
/// and discover a dead address. A client that neither checks nor answers has withdrawn its consent. After a restart (§9) it answers checks
/// with the old and the new credentials, until the first check with the new ones.
/// </summary>
/// <param name="validatedHost">The client's address that another node validated, for <see cref="PathSelector"/>; null: none.</param>
internal sealed class IceLite(IceCredential credential, TransportAddress? validatedHost = null)
{
    /// <summary>
    /// The time after the last authenticated check, or the last answer to a check of this node, at which consent expires (RFC 7675 §5.1),
    /// µs. A proof that the client receives at an address is valid for the same time.
    /// </summary>
    public const long ConsentTimeout = 30_000_000;

    /// <summary>
    /// The maximum number of answers to one endpoint's checks in a second. A full agent sends a check every 50 ms (RFC 8445 §14.2) and
    /// repeats it on a few pairs. More checks are a flood, and answers to them would slow down the other endpoints of this worker.
    /// </summary>
    public const int AnswersPerSecond = 100;

    /// <summary>
    /// The interval at which this node asks for a new proof that the client receives at the selected address, µs. It begins two intervals
    /// after the last proof; in the last third of the proof's time the node asks every second.
    /// </summary>
    public const long ConsentInterval = 5_000_000;

    private const long AnswerWindow = 1_000_000;
    private const int UnknownAttribute = 420;
    private const int RoleConflict = 487;

    // RFC 8445 §5.1.2.1 for a peer-reflexive candidate with one component; the client nominates, so the value decides nothing.
    private const uint CheckPriority = (110u << 24) | (65535u << 8) | 255;

    private readonly ulong _tieBreaker = (ulong)Random.Shared.NextInt64();
    private byte[] _checkUsername = [];
    private long _answersSince = NetworkPath.Never;
    private int _answers;

    public IceLite(byte[] ufrag, byte[] pwd)
        : this(new IceCredential(ufrag, pwd))
    {
    }

    public byte[] Ufrag => Credential.Ufrag;

    public IceCredential Credential { get; private set; } = credential;

    /// <summary>The ICE credentials that replace the current ones during a restart; null: no restart is in progress.</summary>
    public IceCredential? Next { get; private set; }

    /// <summary>
    /// The client's credentials, from its SDP answer; null: not known yet. Checks of this node are authenticated with its password.
    /// </summary>
    public IceCredential? Client { get; private set; }

    public PathSelector Paths { get; } = new(validatedHost);

    /// <summary>The address to which the endpoint sends; valid if <see cref="HasSelected"/>.</summary>
    public TransportAddress Selected => Paths.Selected;

    public bool HasSelected => Paths.HasSelected;

    /// <summary>True if a check of the client was accepted.</summary>
    public bool HasClient { get; private set; }

    /// <summary>
    /// The time at which the client last gave its consent, by an authenticated check or an answer to a check of this node, µs of the
    /// worker's clock.
    /// </summary>
    public long LastConsent { get; private set; }

    /// <summary>
    /// The time of the last check by which the peer nominated a candidate pair of this node; a peer nominates the pair that it uses (RFC
    /// 8445 §8.1.1).
    /// </summary>
    public long LastNomination { get; private set; } = NetworkPath.Never;

    public void Restart(IceCredential next) => Next = next;

    /// <summary>Sets the credentials of the client's SDP answer.</summary>
    public void Accept(IceCredential client)
    {
        Client = client;
        _checkUsername = [.. client.Ufrag, (byte)':', .. (Next ?? Credential).Ufrag];
    }

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
        LastConsent = now;
        if (!MayAnswer(now))
            return IceOutcome.TooMany;
        Paths.OnReceived(from, message.Length, now);
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
        HasClient = true;
        Paths.OnCheck(from, message.HasUseCandidate, now);
        Span<byte> address = stackalloc byte[16];
        var addressLength = from.CopyAddressTo(address);
        answerLength = StunWriter.WriteBindingSuccess(answer, message.TransactionId, address[..addressLength], from.Port, pwd);
        return IceOutcome.Valid;
    }

    /// <summary>
    /// Handles the answer to a check of this node: it validates the address and renews the consent. Returns false if the answer is not
    /// authentic or answers none of the last checks.
    /// </summary>
    public bool HandleAnswer(in StunMessage message, TransportAddress from, long now)
    {
        // The cheap comparison comes first: anyone can send answers.
        if (message.Class != StunClass.SuccessResponse || Client is null || !Paths.HasChecked(from, message.TransactionId)
            || !message.VerifyIntegrity(Client.Pwd) || !Paths.OnAnswer(from, message.TransactionId, message.Length, now))
            return false;
        if (from == Selected)
            LastConsent = now;
        return true;
    }

    /// <summary>
    /// Writes the check that validates an address, and returns its length; 0: the address is validated, was checked just now, has no bytes
    /// left, or the client's credentials are not known yet.
    /// </summary>
    /// <param name="renews">True: the address is checked although it is validated.</param>
    public int WriteCheck(Span<byte> destination, TransportAddress to, long now, bool renews = false)
    {
        if (Client is null)
            return 0;
        var length = StunWriter.RequestLength(_checkUsername.Length);
        var id = Paths.NextCheck(to, length, now, renews);
        return id.IsEmpty
            ? 0
            : StunWriter.WriteBindingRequest(
                destination, id, _checkUsername, CheckPriority, StunAttribute.IceControlled, _tieBreaker, useCandidate: false, Client.Pwd);
    }

    public bool ConsentExpired(long now) => HasClient && now - LastConsent > ConsentTimeout;

    private bool MayAnswer(long now)
    {
        if (now - _answersSince >= AnswerWindow)
            (_answersSince, _answers) = (now, 0);
        return ++_answers <= AnswersPerSecond;
    }
}
