using Hype.MediaNode.Ciphers;

namespace Hype.MediaNode.Configuration;

/// <summary>The options of a media node, section <c>Hype:MediaNode</c>.</summary>
public sealed record MediaNodeOptions
{
    public const string Section = "Hype:MediaNode";

    /// <summary>The node's name in the cluster, stable over restarts. 1–64 characters; default: the machine's name.</summary>
    public string NodeId { get; init; } = Environment.MachineName;

    /// <summary>The operator's name for the region of this node. Default <c>local</c>.</summary>
    public string Region { get; init; } = "local";

    /// <summary>Worker threads, each with its own port and rooms. 0 (default): one per core. Range 0–256.</summary>
    public int Workers { get; init; }

    /// <summary>
    /// UDP port of the first worker; worker <c>i</c> has <c>UdpPort + i</c>. 0 (default): free ports, chosen by the system. Range
    /// 0–65,535.
    /// </summary>
    public int UdpPort { get; init; }

    /// <summary>
    /// IP addresses at which clients reach this node. Empty (default): every address of this machine, including loopback.
    /// </summary>
    public string[] AnnouncedAddresses { get; init; } = [];

    /// <summary>
    /// URL at which this node takes node orders (gRPC without TLS). Default <c>http://127.0.0.1:8082</c>; port 0 takes a free one. The
    /// control plane connects to this address, so it cannot be a wildcard. Not used in the embedded mode.
    /// </summary>
    public string ControlUrl { get; init; } = "http://127.0.0.1:8082";

    /// <summary>
    /// URL of <c>/metrics</c>, for Prometheus and without a token: do not expose it. Default <c>http://127.0.0.1:8085</c>; port 0 takes a
    /// free one, an empty value turns it off. Not used in the embedded mode.
    /// </summary>
    public string MetricsUrl { get; init; } = "http://127.0.0.1:8085";

    /// <summary>gRPC addresses of the gateways at which this node registers, tried in turn. Not used in the embedded mode.</summary>
    public string[] Gateways { get; init; } = [];

    /// <summary>
    /// The secret that gateways require of a registering node: the cluster's <c>Hype:NodeRegistry:JoinSecret</c>, or the credential of
    /// this <c>NodeId</c> that is derived from it.
    /// </summary>
    public string JoinSecret { get; init; } = "";

    /// <summary>
    /// Number of endpoints at which the node is full: its load is then 1, and it refuses further endpoints. Default 5,000; range
    /// 1–100,000.
    /// </summary>
    public int MaxEndpoints { get; init; } = 5_000;

    /// <summary>Maximum number of endpoints of one worker. Default 5,000; range 1–100,000.</summary>
    public int MaxEndpointsPerWorker { get; init; } = 5_000;

    /// <summary>Maximum number of DTLS handshakes that one worker has in progress. Default 1,000; range 1–100,000.</summary>
    public int MaxPendingHandshakes { get; init; } = 1_000;

    /// <summary>
    /// Maximum number of DTLS handshakes in progress for the members of one room, so that one room cannot take all places of a worker.
    /// Default 250; range 1–100,000. A handshake without a datagram for 5 s loses its place.
    /// </summary>
    public int MaxPendingHandshakesPerRoom { get; init; } = 250;

    /// <summary>
    /// Maximum number of DTLS handshakes that one address (for IPv6: a /64) may begin in a second, per worker; the others begin when the
    /// client repeats its ClientHello. Default 500, range 1–100,000: an office behind one address can return at once.
    /// </summary>
    public int HandshakesPerAddress { get; init; } = 500;

    /// <summary>
    /// Media packets that one member may send per second; the node drops the excess. Default 420: Opus sends at most 400 (frames of
    /// 2.5 ms). Range 50–420, because the tickets of portable transports permit only this rate.
    /// </summary>
    public int PacketsPerSecond { get; init; } = 420;

    /// <summary>
    /// Bytes of media packets that one member may send per second, with headers and authentication tags; the node drops the excess.
    /// Default 100,000: more than Opus at its highest bit rate (510 kbit/s). Range 5,000–10,000,000.
    /// </summary>
    public int BytesPerSecond { get; init; } = 100_000;

    /// <summary>RTCP compounds that one member may send per second; the node drops the excess. Default 20, range 1–1,000.</summary>
    public int ReportsPerSecond { get; init; } = 20;

    /// <summary>
    /// Datagrams of DTLS that one member may send per second, and twenty times as many during its handshake; the node drops the excess.
    /// Default 50, range 5–1,000.
    /// </summary>
    public int DtlsRecordsPerSecond { get; init; } = 50;

    /// <summary>
    /// AES implementation for media: <c>Auto</c> (default) uses the processor's instructions if it has them, <c>OpenSsl</c> always the
    /// system's library.
    /// </summary>
    public AesEngine Aes { get; init; } = AesEngine.Auto;

    /// <summary>
    /// Maximum time for which a node that received SIGTERM continues to serve while its endpoints move to other nodes. 0 stops at once.
    /// Default 60 s, range 0–10 min. Not used in the embedded mode, where there is no other node.
    /// </summary>
    public TimeSpan DrainTimeout { get; init; } = TimeSpan.FromSeconds(60);

    /// <summary>Returns the number of worker threads that the node starts on this machine.</summary>
    public int CountWorkers() => Workers == 0 ? Environment.ProcessorCount : Workers;

    /// <summary>Returns the node's name and region only, so that no log contains the join secret.</summary>
    public override string ToString() => $"MediaNodeOptions {{ {NodeId}, {Region} }}";
}
