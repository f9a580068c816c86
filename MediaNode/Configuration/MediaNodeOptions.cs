using Hype.MediaNode.Ciphers;

namespace Hype.MediaNode.Configuration;

/// <summary>A media node, section <c>Hype:MediaNode</c>.</summary>
public sealed record MediaNodeOptions
{
    public const string Section = "Hype:MediaNode";

    /// <summary>The node's name in the cluster, stable over restarts. 1–64 characters; default: the machine's name.</summary>
    public string NodeId { get; init; } = Environment.MachineName;

    /// <summary>Where this node stands, by the operator's name for it. Default <c>local</c>.</summary>
    public string Region { get; init; } = "local";

    /// <summary>Worker threads, each with its own port and rooms. 0 (default): one per core. Range 0–256.</summary>
    public int Workers { get; init; }

    /// <summary>UDP port of the first worker; worker <c>i</c> has <c>UdpPort + i</c>. 0 (default): free ports, chosen by the system. Range 0–65,535.</summary>
    public int UdpPort { get; init; }

    /// <summary>IP addresses that clients can reach this node at. Empty (default): every address of this machine, loopback too.</summary>
    public string[] AnnouncedAddresses { get; init; } = [];

    /// <summary>Where this node takes its orders (gRPC without TLS). Default <c>http://127.0.0.1:8082</c>; port 0 takes a free one. The control plane is told this address, so it is no wildcard. Not used in the embedded mode.</summary>
    public string ControlUrl { get; init; } = "http://127.0.0.1:8082";

    /// <summary>Where <c>/metrics</c> is served, for Prometheus and without a token: keep it private. Default <c>http://127.0.0.1:8085</c>; port 0 takes a free one, and an empty value serves none. Not used in the embedded mode.</summary>
    public string MetricsUrl { get; init; } = "http://127.0.0.1:8085";

    /// <summary>gRPC addresses of the gateways where this node registers, tried in turn. Not used in the embedded mode.</summary>
    public string[] Gateways { get; init; } = [];

    /// <summary>What the gateways ask of a node that registers (<c>Hype:NodeRegistry:JoinSecret</c>).</summary>
    public string JoinSecret { get; init; } = "";

    /// <summary>Endpoints at which the node is full: its load is then 1, and it takes no more. Default 5,000; range 1–100,000.</summary>
    public int MaxEndpoints { get; init; } = 5_000;

    /// <summary>Endpoints that one worker takes. Default 5,000; range 1–100,000.</summary>
    public int MaxEndpointsPerWorker { get; init; } = 5_000;

    /// <summary>DTLS handshakes that one worker has under way at a time. Default 1,000; range 1–100,000.</summary>
    public int MaxPendingHandshakes { get; init; } = 1_000;

    /// <summary>
    /// DTLS handshakes that one address (of IPv6: a /64) may begin in a second, for each worker; what is more begins when the client
    /// repeats its ClientHello. Default 500, range 1–100,000: an office behind one address can come back at once.
    /// </summary>
    public int HandshakesPerAddress { get; init; } = 500;

    /// <summary>Who computes AES for media: <c>Auto</c> (default) takes the processor's instructions where it has them, <c>OpenSsl</c> always the system's library.</summary>
    public AesEngine Aes { get; init; } = AesEngine.Auto;

    /// <summary>
    /// How long a node that is told to stop (SIGTERM) serves on while its endpoints are moved to others. 0 stops at once. Default 60 s,
    /// range 0–10 min. Not used in the embedded mode, where there is no other node.
    /// </summary>
    public TimeSpan DrainTimeout { get; init; } = TimeSpan.FromSeconds(60);

    /// <summary>As many as this machine will have.</summary>
    public int CountWorkers() => Workers == 0 ? Environment.ProcessorCount : Workers;

    /// <summary>Never prints the secret.</summary>
    public override string ToString() => $"MediaNodeOptions {{ {NodeId}, {Region} }}";
}
