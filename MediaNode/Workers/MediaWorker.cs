using System.Threading.Channels;
using Hype.MediaNode.Cascade;
using Hype.MediaNode.Ciphers;
using Hype.MediaNode.Diagnostics;
using Hype.MediaNode.Forwarding;
using Hype.MediaNode.Net;
using Hype.MediaNode.Rooms;
using Hype.MediaNode.Tickets;
using Hype.MediaNode.Transport;

namespace Hype.MediaNode.Workers;

/// <summary>
/// A worker: one thread with its own UDP port and its own rooms. Workers share no state; other threads reach a worker through
/// <see cref="Mailbox"/>. <see cref="Turn"/> is one pass of its loop: receive a batch → dispatch → commands → timers → flush.
/// </summary>
internal sealed partial class MediaWorker(
    IDatagramSocket socket, MonotonicClock clock, ControlContact contact, ChannelWriter<RoomEvent> events, ILogger<MediaWorker> logger,
    AesEngine aes = AesEngine.Auto, WorkerLimits? limits = null)
{
    // Consent, DTLS retransmissions and reports need no finer clock; an idle worker wakes ten times a second.
    private const long TickInterval = 100_000;

    // The shortest time between two log entries about failures, µs: neither a hostile sender nor a repeated failure must fill the log.
    private const long LogInterval = 1_000_000;

    // Injected, besides the constructor's parameters.
    private readonly IDatagramSocket _socket = socket;
    private readonly WorkerLimits _limits = limits ?? WorkerLimits.Default;

    // Derived: the steps of a packet; they work on the state below and have none of their own.
    private readonly RoomRouter _router = new(new FanOut(socket));
    private readonly LinkRouter _linkRouter = new(new FanOut(socket));
    private readonly RoomReports _reports = new(socket, events, clock.Ntp);
    private readonly LinkReports _linkReports = new(socket, events, clock.Ntp);
    private readonly TicketIssuer _tickets = new(clock, contact, events);

    // Owned: the worker's thread alone reads and writes it.
    private readonly Dictionary<RoomKey, Room> _rooms = [];
    private readonly EndpointTable _endpoints = new();
    private readonly CascadeTable _links = new();
    private readonly EarlyDatagrams _early = new();
    private readonly HandshakeGate _handshakes = new(limits ?? WorkerLimits.Default);
    private readonly List<RoomMember> _ended = [];
    private readonly List<CascadeLink> _failedLinks = [];
    private readonly List<Room> _failedRooms = [];
    private long _nextTick;
    private long _failureLoggedAt = long.MinValue / 2;

    // Any thread may set it.
    private volatile bool _stopping;

    public Mailbox Mailbox { get; } = new(socket.Wake);

    public WorkerCounters Counters { get; } = new();

    public int Port => _socket.LocalPort;

    /// <summary>The number of outgoing datagrams that the kernel rejected.</summary>
    public long SendFailures => _socket.SendFailures;

    /// <summary>Runs the worker's loop until <see cref="Stop"/>. The worker's thread executes it.</summary>
    public void Run()
    {
        while (!_stopping)
        {
            _socket.Wait((int)Math.Clamp((_nextTick - clock.Now + 999) / 1000, 0, TickInterval / 1000));
            // Datagrams that arrive during the turn end the next wait at once: that is cheaper than another receive on an empty socket.
            var began = clock.Now;
            var received = Counters.Received;
            TryTurn(began);
            var took = clock.Now - began;
            Counters.AddBusy(took);
            if (Counters.Received != received)
                Counters.Turns.Add(took / 1e6);
        }

        Mailbox.Close();
        foreach (var key in _rooms.Keys.ToArray())
            CloseRoom(key);
        _socket.Flush();
    }

    /// <summary>Makes <see cref="Run"/> return after the current turn. May be called from any thread.</summary>
    public void Stop()
    {
        _stopping = true;
        _socket.Wake();
    }

    // A turn never throws by design: datagrams, commands and timers catch their own exceptions. If it does, the rooms continue.
    private void TryTurn(long now)
    {
        try
        {
            Turn(now);
        }
        catch (Exception exception)
        {
            _ended.Clear();
            _failedLinks.Clear();
            _failedRooms.Clear();
            Counters.AddTurnFailure();
            if (MayLogFailure(now))
                LogTurnFailed(exception);
        }
    }

    /// <summary>Runs one turn: receives a batch and dispatches it, runs commands and timers, and flushes.</summary>
    public void Turn(long now)
    {
        // 1. Receive a batch.
        var count = _socket.Receive();

        // 2. Dispatch by first byte (RFC 7983).
        var bytes = 0L;
        for (var i = 0; i < count; i++)
        {
            var datagram = _socket.Datagram(i);
            bytes += datagram.Length;
            TryDispatch(datagram, _socket.Source(i), now);
        }

        if (count > 0)
            Counters.AddReceived(count, bytes);

        // 3. Commands from other threads.
        Mailbox.Run();

        // 4. Timers.
        if (now >= _nextTick)
        {
            _nextTick = now + TickInterval;
            Tick(now);
        }

        // 5. Flush: one system call for everything that this turn wrote.
        _socket.Flush();
    }

    // The packet path never throws by design. If it does, only this datagram is lost. Its source address may be forged, so that no
    // endpoint is closed for it.
    private void TryDispatch(Span<byte> datagram, TransportAddress from, long now)
    {
        try
        {
            Dispatch(datagram, from, now);
        }
        catch (Exception exception)
        {
            Counters.Drops.Add(DropReason.Failed);
            Counters.AddTurnFailure();
            if (MayLogFailure(now))
                LogTurnFailed(exception);
        }
    }

    private bool MayLogFailure(long now)
    {
        if (now - _failureLoggedAt < LogInterval)
            return false;
        _failureLoggedAt = now;
        return true;
    }

    private void Dispatch(Span<byte> datagram, TransportAddress from, long now)
    {
        switch (DatagramClassifier.Classify(datagram))
        {
            case DatagramKind.Stun:
                OnStun(datagram, from, now);
                break;
            case DatagramKind.Dtls:
                OnDtls(datagram, from, now);
                break;
            case DatagramKind.Rtp:
                if (_links.IsRemote(from) || _endpoints.Find(from) is not { } speaker)
                    OnLinkMedia(datagram, now);
                else if (AcceptsMediaOf(speaker))
                {
                    _router.Route(speaker, datagram, now, Counters);
                    speaker.Endpoint.AfterMedia(from, datagram.Length, now);
                }

                break;
            case DatagramKind.Rtcp:
                if (_links.IsRemote(from) || _endpoints.Find(from) is not { } reporter)
                    OnLinkReport(datagram, now);
                else if (AcceptsMediaOf(reporter))
                {
                    _reports.Receive(reporter, datagram, now, Counters.Drops);
                    reporter.Endpoint.AfterMedia(from, datagram.Length, now);
                }

                break;
            default:
                Counters.Drops.Add(DropReason.UnknownKind);
                break;
        }
    }

    private bool AcceptsMediaOf(RoomMember member)
    {
        if (member.Endpoint.State == EndpointState.Connected)
            return true;
        Counters.Drops.Add(DropReason.NotConnected);
        return false;
    }

    private void OnDtls(ReadOnlySpan<byte> datagram, TransportAddress from, long now)
    {
        if (_endpoints.Find(from) is { } member)
        {
            // It may be the ClientHello of a client that takes over the address.
            if (_endpoints.FindContest(from) is not null)
                _early.Store(datagram, from, now);
            Handshake(member, datagram, from, now);
            return;
        }

        Counters.Drops.Add(DropReason.UnknownAddress);
        _early.Store(datagram, from, now);
    }

    private void Handshake(RoomMember member, ReadOnlySpan<byte> datagram, TransportAddress from, long now)
    {
        if (member.Endpoint.IsRevived)
        {
            Counters.Drops.Add(DropReason.DtlsElsewhere);
            return;
        }

        if (!member.Budget.TryChargeDtls(member.Endpoint.State == EndpointState.Connected, now))
        {
            Counters.Drops.Add(DropReason.DtlsTooFast);
            return;
        }

        if (!member.Endpoint.HasHandshake && _handshakes.Begin(member, from, now) is { } refusal)
        {
            Counters.Drops.Add(refusal);
            return;
        }

        _handshakes.Continue(member, now);
        var wasConnected = member.Endpoint.State == EndpointState.Connected;
        AfterDtls(member, wasConnected, member.Endpoint.HandleDtls(datagram, from, now, _socket));
    }

    // Reports an endpoint that the handshake or the fingerprint just connected; removes one that they ended.
    private void AfterDtls(RoomMember member, bool wasConnected, bool alive)
    {
        if (!alive)
        {
            Counters.Drops.Add(DropReason.DtlsRefused);
            End(member);
        }
        else if (!wasConnected && member.Endpoint.State == EndpointState.Connected)
        {
            _handshakes.End(member);
            Counters.AddHandshake(done: true);
            Counters.Connecting.Add((clock.Now - member.Endpoint.CreatedAt) / 1e6);
            events.TryWrite(new RoomEvent(member.Room.Key, RoomEventKind.Connected, member.Number));
            BeginPortable(member);
        }
    }

    private void End(RoomMember member)
    {
        var reason = member.Endpoint.CloseReason;
        // An endpoint without keys was never connected; an early end without a handshake is not a failed handshake.
        if (member.Endpoint is { HasHandshake: true, Sender: null }
            && reason is CloseReason.DtlsFailed or CloseReason.FingerprintMismatch or CloseReason.NeverConnected)
            Counters.AddHandshake(done: false);
        events.TryWrite(new RoomEvent(member.Room.Key, RoomEventKind.Closed, member.Number) { Reason = reason });
        Remove(member);
    }

    private void Remove(RoomMember member)
    {
        member.Room.Remove(member);
        _endpoints.Remove(member);
        _handshakes.End(member);
        Counters.Endpoints = _endpoints.Count;
        try
        {
            member.Endpoint.Close(_socket);
        }
        finally
        {
            Counters.AddClosed(member.Endpoint.CloseReason);
            member.Endpoint.Dispose();
        }
    }

    [LoggerMessage(
        Level = LogLevel.Error, Message = "A turn of a media worker, or the handling of one datagram, failed; its rooms continue")]
    private partial void LogTurnFailed(Exception error);
}
