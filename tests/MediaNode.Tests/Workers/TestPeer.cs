using System.Buffers.Binary;
using System.Text;
using Hype.MediaClient;
using Hype.MediaNode.Dtls;
using Hype.MediaNode.Net;
using Hype.MediaNode.Rtp;
using Hype.MediaNode.Srtp;
using Hype.MediaNode.Stun;

namespace Hype.MediaNode.Tests.Workers;

/// <summary>
/// The browser's side of one endpoint: the controlling ICE agent, the DTLS client, a microphone and a listener. It sends nothing by
/// itself: the test decides when it sends a check, its ClientHello or audio.
/// </summary>
internal sealed class TestPeer : IDisposable
{
    private const uint FrameTicks = 960;

    /// <summary>The peer's own ICE credentials, which authenticate the node's checks.</summary>
    public static readonly IceCredentials Own = new("peer", "thePasswordOfThePeer2026");

    // Owned.
    private readonly ConnectivityChecks _checks;
    private readonly PeerTransport _transport;
    private FakeNetwork _network;
    private uint _timestamp = 5_000;

    public TestPeer(uint number, string ufrag, string pwd, DtlsContext dtls, FakeNetwork network, TransportAddress address)
    {
        (Number, _network, Address, Ssrc) = (number, network, address, 0xA000_0000 + number);
        _checks = new ConnectivityChecks(number);
        _transport = new PeerTransport(dtls, servesDtls: false, datagram =>
        {
            if (!Loses(datagram))
                Send(datagram);
        });
        UseCredentials(ufrag, pwd);
    }

    public uint Number { get; }

    public string Ufrag { get; private set; } = "";

    public string Pwd { get; private set; } = "";

    public TransportAddress Address { get; private set; }

    /// <summary>The SSRC of the peer's microphone.</summary>
    public uint Ssrc { get; set; }

    public ushort NextSequence { get; set; } = 100;

    /// <summary>The audio level that the peer sends with each frame, −dBov.</summary>
    public byte Level { get; set; } = 20;

    public DtlsSession Dtls => _transport.Dtls;

    public SrtpSender? Sender => _transport.Sender;

    public bool IsConnected => _transport.IsConnected;

    public SrtpProfile Profile => _transport.Profile;

    /// <summary>The received answers to the peer's STUN checks: 0 for success, otherwise the error code.</summary>
    public List<int> StunAnswers { get; } = [];

    /// <summary>The number of checks received from the node.</summary>
    public int NodeChecks { get; private set; }

    /// <summary>True: the peer answers the checks of the node.</summary>
    public bool AnswersChecks { get; set; } = true;

    /// <summary>The source address of the peer's last check, as the node's answer states it.</summary>
    public TransportAddress Mapped { get; private set; }

    public List<Heard> Heard { get; } = [];

    /// <summary>The RTCP compounds received from the node, decrypted.</summary>
    public List<byte[]> Reports { get; } = [];

    /// <summary>
    /// The number of media packets that arrived before the peer had keys, or that it could not decrypt; a correct node sends none.
    /// </summary>
    public int Unreadable { get; private set; }

    /// <summary>Decides which of the peer's handshake datagrams are lost on their way to the node.</summary>
    public Predicate<byte[]> Loses { get; set; } = static _ => false;

    /// <summary>Changes the peer's source address, as after a change of network.</summary>
    public void MoveTo(TransportAddress address)
    {
        Address = address;
        _network.Add(this);
    }

    /// <summary>Follows a candidate of another node: the ICE agent checks its address and uses it from now on.</summary>
    public void Follow(FakeNetwork node)
    {
        _network.Remove(this);
        _network = node;
        _network.Add(this);
        Check();
    }

    /// <summary>Removes the peer from the network without close_notify, like a closed browser.</summary>
    public void Leave() => _network.Remove(this);

    /// <summary>Restarts ICE on the peer's side: its checks use these credentials from now on.</summary>
    public void UseCredentials(string ufrag, string pwd)
    {
        (Ufrag, Pwd) = (ufrag, pwd);
        _checks.Use(Own, new IceCredentials(ufrag, pwd));
    }

    public void Check(bool useCandidate = true) => Send(CheckRequest(useCandidate));

    /// <summary>Returns the next STUN check without sending it.</summary>
    public byte[] CheckRequest(bool useCandidate = true)
    {
        var request = new byte[StunMessage.MaxLength];
        return request[.._checks.Write(request, to: default, useCandidate)];
    }

    /// <summary>Returns a STUN check that is authenticated with a wrong password, without sending it.</summary>
    public byte[] ForgedCheck()
    {
        var request = new byte[StunMessage.MaxLength];
        return request[.._checks.WriteForged(request)];
    }

    /// <summary>Returns the peer's DTLS ClientHello without sending it.</summary>
    public byte[] Greeting()
    {
        Dtls.Start();
        var hello = Dtls.Outgoing.Single();
        Dtls.ClearOutgoing();
        return hello;
    }

    /// <summary>Sends the peer's DTLS ClientHello.</summary>
    public void Greet() => _transport.Start();

    /// <summary>Sends the last flight of the handshake again if OpenSSL's retransmission timer has expired.</summary>
    public void RepeatFlight() => _transport.Retransmit();

    /// <summary>Ends the DTLS association and sends close_notify to the node.</summary>
    public void SayGoodbye() => _transport.Close();

    /// <summary>Sends one 20 ms frame, whose payload begins with <paramref name="word"/>.</summary>
    public void Say(int word) => Send(Frame(word));

    public byte[] Frame(int word)
    {
        var payload = new byte[80];
        BitConverter.TryWriteBytes(payload, word);
        return Frame(payload);
    }

    /// <summary>Returns the next audio frame as an encrypted packet, without sending it.</summary>
    public byte[] Frame(byte[] payload, byte payloadType = 111, bool padded = false, bool marker = false)
    {
        var packet = new byte[IDatagramSocket.MaxDatagram];
        RtpHeaderWriter.Write(packet, payloadType, marker, new SequenceNumber(NextSequence++), _timestamp += FrameTicks, new Ssrc(Ssrc));
        packet[0] |= (byte)(padded ? 0x30 : 0x10);
        ReadOnlySpan<byte> extension = [0xBE, 0xDE, 0, 1, 0x10, (byte)(Level <= 60 ? 0x80 | Level : Level), 0x40, (byte)'0'];
        extension.CopyTo(packet.AsSpan(RtpHeader.FixedLength));
        var length = Sender!.Protect(packet, RtpHeader.FixedLength + extension.Length, payload);
        return packet[..length];
    }

    public void SendReport(ReadOnlySpan<byte> compound)
    {
        var packet = new byte[compound.Length + Sender!.RtcpExpansion];
        Send(packet[..Sender.ProtectRtcp(packet, compound)]);
    }

    public void Send(byte[] datagram) => _network.Socket.Arrive(datagram, Address);

    /// <summary>
    /// Returns false if the datagram is a STUN message that the peer's ICE agent ignores: the answer to a check that the peer did not
    /// send, or a check with the credentials of another agent.
    /// </summary>
    public bool Expects(ReadOnlySpan<byte> datagram)
    {
        if (DatagramClassifier.Classify(datagram) != DatagramKind.Stun || !StunMessage.TryParse(datagram, out var message))
            return true;
        return message.Class == StunClass.Request
            ? message.TryGetUsername(out _, out var node) && node.SequenceEqual(Encoding.ASCII.GetBytes(Ufrag))
            : ConnectivityChecks.IsOf(Number, message.TransactionId);
    }

    /// <summary>Handles a datagram from the node.</summary>
    public void Receive(ReadOnlySpan<byte> datagram)
    {
        switch (DatagramClassifier.Classify(datagram))
        {
            case DatagramKind.Stun:
                OnStun(datagram);
                break;
            case DatagramKind.Dtls:
                _transport.Receive(datagram);
                break;
            case DatagramKind.Rtp:
                OnMedia(datagram.ToArray());
                break;
            case DatagramKind.Rtcp:
                OnReport(datagram.ToArray());
                break;
        }
    }

    public void Dispose() => _transport.Dispose();

    private void OnStun(ReadOnlySpan<byte> datagram)
    {
        if (StunMessage.TryParse(datagram, out var check) && check.Class == StunClass.Request)
        {
            OnCheck(check);
            return;
        }

        Assert.That(
            StunMessage.TryParse(datagram, out var answer) && answer.VerifyIntegrity(Encoding.ASCII.GetBytes(Pwd)), Is.True,
            "a valid answer");
        StunAnswers.Add(answer.ErrorCode ?? 0);
        Span<byte> mapped = stackalloc byte[16];
        if (answer.TryGetMappedAddress(mapped, out var length, out var port))
            Mapped = length == 4 ? TransportAddress.FromIPv4(mapped, port) : TransportAddress.FromIPv6(mapped, port);
    }

    private void OnCheck(in StunMessage check)
    {
        var answer = new byte[StunWriter.MaxResponseLength];
        var length = _checks.Answer(check, Address, answer);
        Assert.That(length, Is.Positive, "an authentic check");
        NodeChecks++;
        if (AnswersChecks)
            Send(answer[..length]);
    }

    private void OnMedia(byte[] packet)
    {
        if (!_transport.TryReadRtp(packet, out var header, out var length))
        {
            Unreadable++;
            return;
        }

        var speaker = header.CsrcCount == 1 ? BinaryPrimitives.ReadUInt32BigEndian(packet.AsSpan(RtpHeader.FixedLength)) : 0;
        Heard.Add(new Heard(
            header.Ssrc.Value, header.SequenceNumber.Value, header.Timestamp, header.Marker, header.PayloadType, header.HasPadding,
            speaker, packet[header.ExtensionOffset..header.HeaderLength], packet[header.HeaderLength..length]));
    }

    private void OnReport(byte[] packet)
    {
        if (_transport.TryReadRtcp(packet, out var length))
            Reports.Add(packet[..length]);
        else
            Unreadable++;
    }
}
