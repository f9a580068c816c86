using System.Security.Cryptography;
using System.Threading.Channels;
using Hype.MediaClient;
using Hype.MediaNode.Cascade;
using Hype.MediaNode.Diagnostics;
using Hype.MediaNode.Dtls;
using Hype.MediaNode.Net;
using Hype.MediaNode.Rooms;
using Hype.MediaNode.Rtp;
using Hype.MediaNode.Stun;
using Hype.MediaNode.Tickets;
using Hype.MediaNode.Workers;
using Microsoft.Extensions.Logging.Abstractions;

namespace Hype.Benchmarks.Parts;

/// <summary>
/// A worker with one room, whose members have connected in the regular way: ICE checks, DTLS and an answer. Afterwards they only
/// answer the worker's checks, and its other packets are discarded. The benchmark controls the time: <see cref="PassFrame"/> advances it.
/// </summary>
internal sealed class Lobby : IDisposable
{
    private const int Slots = 3;
    private const int KeptEvents = 16;

    private static readonly RoomKey Room = new("lobby", new RoomEpoch(1));

    private readonly MemorySocket _socket;
    private readonly MediaWorker _worker;
    private readonly DtlsContext _nodeDtls = SelfSigned.Node.NewContext();
    private readonly DtlsContext _memberDtls;
    private readonly List<Member> _members = [];
    private readonly Dictionary<TransportAddress, Member> _membersByAddress = [];
    private readonly uint _first;
    private long _now;

    /// <param name="members">The number of members, which have consecutive numbers.</param>
    /// <param name="profile">OpenSSL's name of the only SRTP profile that the members offer.</param>
    /// <param name="waiting">The number of datagrams that can wait in the worker's socket.</param>
    /// <param name="first">The number of the first member.</param>
    public Lobby(int members, string profile, int waiting, uint first = 1)
    {
        _first = first;
        var clock = new MonotonicClock(TimeProvider.System);
        // The events have no reader: the newest few are retained. The queue starts full, so that it does not grow during a measurement.
        var events = Channel.CreateBounded<RoomEvent>(
            new BoundedChannelOptions(KeptEvents) { FullMode = BoundedChannelFullMode.DropOldest });
        for (var i = 0; i < KeptEvents; i++)
            Guard.Holds(events.Writer.TryWrite(default));
        _socket = new MemorySocket(waiting, answers: members);
        _worker = new MediaWorker(
            _socket, clock, new ControlContact(TimeProvider.System), events.Writer, NullLogger<MediaWorker>.Instance,
            limits: Forward.WorkerNode.Limits);
        _memberDtls = SelfSigned.Client.NewContext(profile);
        _now = clock.Now;
        Guard.Holds(_worker.OpenRoom(Room, Slots, _nodeDtls) == CommandResult.Done);
        _socket.Listener = (datagram, to) => _membersByAddress[to].Receive(datagram, _now);
        for (var number = first; number < first + members; number++)
            Connect(number);
        WarmUp();
        _socket.Listener = Answer;
    }

    public Member this[int number] => _members[number - (int)_first];

    /// <summary>The number of media packets that the worker has sent, counted once for each receiver.</summary>
    public long Forwarded => _worker.Counters.Forwarded;

    /// <summary>The number of packets that were dropped without decryption, or decrypted only for the rollover counter.</summary>
    public long Unheard => _worker.Counters.Drops[DropReason.NotSpeaking] + _worker.Counters.Drops[DropReason.NotInSlot];

    /// <summary>
    /// Makes all members send their due ICE checks. A check is due five seconds after the last one; it renews the consent, which is
    /// valid for thirty seconds (RFC 7675).
    /// </summary>
    public void Check()
    {
        foreach (var member in _members)
        {
            member.Tick(_now);
            TurnAll();
        }
    }

    /// <summary>
    /// Links the rooms of two lobbies, as rooms of one channel. A datagram between their workers waits in the receiving worker's socket.
    /// </summary>
    public static void Link(Lobby one, Lobby other)
    {
        var (there, back) = (RandomNumberGenerator.GetBytes(LinkSpec.KeyLength), RandomNumberGenerator.GetBytes(LinkSpec.KeyLength));
        Ssrc[] thereSsrcs = [.. Enumerable.Range(1001, Slots).Select(ssrc => new Ssrc((uint)ssrc))];
        Ssrc[] backSsrcs = [.. Enumerable.Range(2001, Slots).Select(ssrc => new Ssrc((uint)ssrc))];
        one.Link(other, there, back, thereSsrcs, backSsrcs);
        other.Link(one, back, there, backSsrcs, thereSsrcs);
    }

    /// <summary>Advances the time by 20 ms.</summary>
    public void PassFrame() => _now += Voice.Frame;

    /// <summary>Lets the worker process one waiting datagram.</summary>
    public void Turn() => _worker.Turn(_now);

    /// <summary>Lets the worker process all waiting datagrams.</summary>
    public void TurnAll()
    {
        while (_socket.HasWaiting)
            _worker.Turn(_now);
    }

    public void Dispose()
    {
        _worker.CloseRoom(Room);
        foreach (var member in _members)
            member.Dispose();
        _nodeDtls.Dispose();
        _memberDtls.Dispose();
    }

    private void Connect(uint number)
    {
        var (own, node) = (IceCredentials.New(), IceCredentials.New());
        var ssrcs = Enumerable.Range(1, Slots).Select(slot => new Ssrc((number * 100) + (uint)slot));
        var spec = new EndpointSpec(new MemberNumber(number), node.UfragBytes, node.PwdBytes, [.. ssrcs], CanSpeak: true, CanListen: true);
        Guard.Holds(_worker.AddEndpoint(Room, spec) == CommandResult.Done);
        Guard.Holds(
            _worker.AcceptAnswer(
                Room, new MemberNumber(number), new IceCredential(own.UfragBytes, own.PwdBytes), "sha-256", SelfSigned.Client.Sha256)
            == CommandResult.Done);
        var member = new Member(number, own, node, _memberDtls, _socket);
        _members.Add(member);
        _membersByAddress.Add(member.Address, member);
        member.Tick(_now);
        TurnAll();
        Guard.Holds(member.IsConnected);
    }

    // One frame before the benchmark starts: all other members must receive it and be able to decrypt it.
    private void WarmUp()
    {
        _members[0].Say(Voice.Loud);
        TurnAll();
        Guard.Holds(_members.Skip(1).All(member => member.Heard == 1));
    }

    private void Answer(Memory<byte> datagram, TransportAddress to)
    {
        if (DatagramClassifier.Classify(datagram.Span) == DatagramKind.Stun)
            _membersByAddress[to].Receive(datagram, _now);
    }

    private void Link(Lobby other, byte[] sendKey, byte[] receiveKey, Ssrc[] sendSsrcs, Ssrc[] receiveSsrcs)
    {
        var (own, remote) = (AddressOf(this), AddressOf(other));
        _socket.Listener = (datagram, to) =>
        {
            if (to == remote)
                other._socket.Arrive(datagram.Span, own);
            else
                Answer(datagram, to);
        };
        Guard.Holds(
            _worker.AddLink(Room, new LinkSpec("link", remote, sendKey, receiveKey, sendSsrcs, receiveSsrcs)) == CommandResult.Done);
    }

    private static TransportAddress AddressOf(Lobby lobby) => TransportAddress.FromIPv4([192, 0, 2, 1], (ushort)lobby._first);
}
