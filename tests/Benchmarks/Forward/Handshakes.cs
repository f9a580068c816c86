using System.Diagnostics;
using System.Net;
using System.Net.Sockets;
using System.Security.Cryptography;
using Hype.MediaClient;
using Hype.MediaNode.Dtls;
using Hype.Testing.Processes;

namespace Hype.Benchmarks.Forward;

/// <summary>
/// Measures the cost of a new endpoint: the CPU time of the worker's thread from the first ICE check to the SRTP keys. For comparison,
/// it measures <c>openssl s_server</c> with the same cipher suite, certificate type and client. The handshakes run one after another.
/// </summary>
internal static class Handshakes
{
    private const int PerRoom = 50;

    public static async Task<Figure> MeasureAsync(int handshakes)
    {
        var node = new WorkerNode();
        await using var rig = new Rig(node, Profile.Gcm.OpenSslName);
        await rig.OpenRoomAsync(6, 1, PerRoom - 1, 100);
        var cpu = node.Cpu;
        for (var room = 0; room < handshakes / PerRoom; room++)
            await rig.OpenRoomAsync(6, 1, PerRoom - 1, 100);
        var ours = (node.Cpu - cpu) / handshakes;
        var theirs = await OpenSslAsync(handshakes);
        return new Figure(
            "dtls_handshakes_per_cpu_second", "DTLS handshakes per CPU second", 1e6 / ours, "", null,
            $"{ours:0} µs each, ICE and SRTP keys included; openssl s_server {theirs:0} µs each, {1e6 / theirs:0} per CPU second");
    }

    private static async Task<double> OpenSslAsync(int handshakes)
    {
        var folder = Directory.CreateTempSubdirectory("hype-handshakes").FullName;
        try
        {
            var (certificate, key) = (Path.Combine(folder, "certificate.pem"), Path.Combine(folder, "key.pem"));
            await File.WriteAllTextAsync(certificate, PemEncoding.WriteString("CERTIFICATE", SelfSigned.Node.Certificate));
            await File.WriteAllTextAsync(key, PemEncoding.WriteString("PRIVATE KEY", SelfSigned.Node.PrivateKey));
            var port = FreePort();
            await using var server = ChildProcess.Start(
                "openssl",
                [
                    "s_server", "-dtls1_2", "-accept", $"127.0.0.1:{port}", "-cert", certificate, "-key", key, "-verify", "1", "-quiet",
                    "-use_srtp", Profile.Gcm.OpenSslName, "-no_ticket", "-naccept", (handshakes + 1)
                        .ToString(System.Globalization.CultureInfo.InvariantCulture),
                ]);
            var cpu = CpuClock.OfProcess(server.Id);
            var before = 0.0;
            // The first handshake covers the start of the program.
            for (var i = 0; i <= handshakes; i++)
            {
                ShakeHands(port);
                if (i == 0)
                    before = cpu.Microseconds;
            }

            return (cpu.Microseconds - before) / handshakes;
        }
        finally
        {
            Directory.Delete(folder, recursive: true);
        }
    }

    // A new socket for each handshake, as for each participant.
    private static void ShakeHands(int port)
    {
        using var context = SelfSigned.Client.NewContext(Profile.Gcm.OpenSslName);
        using var session = new DtlsSession(context, server: false);
        using var socket = new Socket(AddressFamily.InterNetwork, SocketType.Dgram, ProtocolType.Udp) { ReceiveTimeout = 200 };
        socket.Connect(new IPEndPoint(IPAddress.Loopback, port));
        session.Start();
        var buffer = new byte[2048];
        for (var began = Stopwatch.GetTimestamp(); session.State == DtlsState.Handshaking;)
        {
            if (Stopwatch.GetElapsedTime(began) > TimeSpan.FromSeconds(5))
                throw new InvalidOperationException("openssl s_server does not answer.");
            Send(socket, session);
            try
            {
                session.Receive(buffer.AsSpan(0, socket.Receive(buffer)));
            }
            catch (SocketException)
            {
                // The server does not listen yet, or a datagram was lost: retry.
                session.HandleTimeout();
            }
        }

        session.Close();
        Send(socket, session);
    }

    private static void Send(Socket socket, DtlsSession session)
    {
        foreach (var datagram in session.Outgoing)
            socket.Send(datagram);
        session.ClearOutgoing();
    }

    private static int FreePort()
    {
        using var socket = new Socket(AddressFamily.InterNetwork, SocketType.Dgram, ProtocolType.Udp);
        socket.Bind(new IPEndPoint(IPAddress.Loopback, 0));
        return ((IPEndPoint)socket.LocalEndPoint!).Port;
    }
}
