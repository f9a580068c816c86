using System.Diagnostics;
using System.Net;
using System.Net.Sockets;
using Hype.MediaNode.Net;

namespace Hype.MediaNode.Tests.Net;

/// <summary>Tests the contract of a worker's socket for each implementation, over the kernel's loopback interface.</summary>
[TestFixture(true)]
[TestFixture(false)]
public sealed class DatagramSocketTests(bool batches)
{
    // More than two batches in each direction.
    private const int Many = 300;
    private static readonly TimeSpan TimeLimit = TimeSpan.FromSeconds(20);

    private IDatagramSocket _socket = null!;

    [SetUp]
    public void Open()
    {
        if (batches && !OperatingSystem.IsLinux())
            Assert.Ignore("sendmmsg is Linux'");
        _socket = batches ? new LinuxDatagramSocket(0, severalAddresses: true) : new PortableDatagramSocket(0);
    }

    [TearDown]
    public void Close() => _socket.Dispose();

    [Test]
    public void Datagrams_leave_from_the_local_address_at_which_the_clients_datagram_arrived() =>
        SendFromArrival("127.0.0.1", "127.0.0.2");

    [Test]
    public void Datagrams_leave_from_the_local_IPv6_address_at_which_the_clients_datagram_arrived() =>
        ThreadNetwork.Run(["fd00::1", "fd00::2"], () => SendFromArrival("fd00::1", "fd00::2"));

    [TestCase("127.0.0.1")]
    [TestCase("::1")]
    public void Datagrams_arrive_in_order_with_their_source_and_can_be_answered(string loopback)
    {
        var address = IPAddress.Parse(loopback);
        using var peer = NewPeer(address);
        var node = new IPEndPoint(address, _socket.LocalPort);
        var peerAddress = TransportAddress.From((IPEndPoint)peer.LocalEndPoint!);
        for (var i = 0; i < Many; i++)
            peer.SendTo(BitConverter.GetBytes(i), node);

        var received = new List<int>();
        var clock = Stopwatch.StartNew();
        while (received.Count < Many && clock.Elapsed < TimeLimit)
        {
            _socket.Wait(1000);
            var count = _socket.Receive();
            for (var i = 0; i < count; i++)
            {
                received.Add(BitConverter.ToInt32(_socket.Datagram(i)));
                Assert.That(_socket.Source(i), Is.EqualTo(peerAddress));
                _socket.Datagram(i).CopyTo(_socket.Reserve());
                _socket.Send(sizeof(int), _socket.Source(i));
            }
        }

        _socket.Flush();

        Assert.That(received, Is.EqualTo(Enumerable.Range(0, Many)));
        Assert.That(ReadAll(peer, Many), Is.EqualTo(Enumerable.Range(0, Many)));
        Assert.That(_socket.SendFailures, Is.Zero);
    }

    [Test]
    public void Datagram_to_an_unreachable_destination_does_not_prevent_others_from_being_sent()
    {
        using var peer = NewPeer(IPAddress.Loopback);
        var good = TransportAddress.From((IPEndPoint)peer.LocalEndPoint!);
        // The kernel refuses port 0.
        var bad = good with { Port = 0 };
        for (var i = 0; i < Many; i++)
        {
            BitConverter.TryWriteBytes(_socket.Reserve(), i);
            _socket.Send(sizeof(int), i % 3 == 0 ? bad : good);
        }

        _socket.Flush();

        var wanted = Enumerable.Range(0, Many).Where(i => i % 3 != 0).ToArray();
        Assert.That(ReadAll(peer, wanted.Length), Is.EqualTo(wanted));
        Assert.That(_socket.SendFailures, Is.EqualTo(Many - wanted.Length));
    }

    [Test]
    public void Empty_datagram_does_not_prevent_the_next_from_being_received()
    {
        using var peer = NewPeer(IPAddress.Loopback);
        var node = new IPEndPoint(IPAddress.Loopback, _socket.LocalPort);
        peer.SendTo(Array.Empty<byte>(), node);
        peer.SendTo(new byte[] { 1, 2, 3 }, node);

        var lengths = new List<int>();
        var clock = Stopwatch.StartNew();
        while (lengths.Count < 2 && clock.Elapsed < TimeLimit)
        {
            _socket.Wait(1000);
            var count = _socket.Receive();
            for (var i = 0; i < count; i++)
                lengths.Add(_socket.Datagram(i).Length);
        }

        Assert.That(lengths, Is.EqualTo(new[] { 0, 3 }));
        Assert.That(_socket.Receive(), Is.Zero);
    }

    [Test]
    public void Waiting_for_datagrams_ends_early_if_Wake_is_called_on_the_socket()
    {
        _socket.Wake();
        var clock = Stopwatch.StartNew();

        _socket.Wait(60_000);

        Assert.That(clock.Elapsed, Is.LessThan(TimeLimit));
    }

    [Test]
    public void Opening_a_socket_on_an_occupied_port_fails() =>
        Assert.That(
            () => batches
                ? (IDatagramSocket)new LinuxDatagramSocket(_socket.LocalPort, severalAddresses: false)
                : new PortableDatagramSocket(_socket.LocalPort),
            Throws.InstanceOf<SocketException>());

    [Test]
    public void Second_disposal_of_a_socket_has_no_effect() =>
        Assert.That(
            () =>
            {
                _socket.Dispose();
                _socket.Dispose();
            },
            Throws.Nothing);

    // The client is behind a firewall that admits only answers; the kernel would answer from the client's own address.
    private void SendFromArrival(string clientAddress, string nodeAddress)
    {
        if (!batches)
            Assert.Ignore("only the implementation for production");
        using var socket = new LinuxDatagramSocket(0, severalAddresses: true);
        using var client = NewPeer(IPAddress.Parse(clientAddress));
        client.Connect(new IPEndPoint(IPAddress.Parse(nodeAddress), socket.LocalPort));
        var clock = Stopwatch.StartNew();
        int received;
        do
        {
            // The kernel may drop a datagram while the addresses of a new network are not ready.
            client.Send(BitConverter.GetBytes(1));
            socket.Wait(1000);
            received = socket.Receive();
        }
        while (received == 0 && clock.Elapsed < TimeLimit);
        Assert.That(received, Is.EqualTo(1));
        var source = socket.Source(0);
        Answer(1, default);
        socket.Datagram(0);
        var arrival = socket.Arrival;
        Answer(2, arrival);
        Answer(3, arrival);
        socket.Flush();

        Assert.That(ReadAll(client, 2), Is.EqualTo(new[] { 2, 3 }), "the first answer left from the address that the kernel selected");

        void Answer(int word, LocalAddress from)
        {
            BitConverter.TryWriteBytes(socket.Reserve(), word);
            socket.Send(sizeof(int), source, from);
        }
    }

    private static Socket NewPeer(IPAddress address)
    {
        var peer = new Socket(address.AddressFamily, SocketType.Dgram, ProtocolType.Udp)
        {
            ReceiveTimeout = (int)TimeLimit.TotalMilliseconds,
            ReceiveBufferSize = 1 << 20,
        };
        peer.Bind(new IPEndPoint(address, 0));
        return peer;
    }

    private static List<int> ReadAll(Socket peer, int count)
    {
        var buffer = new byte[16];
        var numbers = new List<int>();
        while (numbers.Count < count)
        {
            peer.Receive(buffer);
            numbers.Add(BitConverter.ToInt32(buffer));
        }

        Assert.That(peer.Available, Is.Zero, "no further datagram arrived");
        return numbers;
    }
}
