namespace Hype.Gateway.Control.Models;

// The command `hype` compiles this file too (Cli.csproj), so that both ends have one definition: it uses only types of the framework.

internal sealed record HealthDetails(
    string Version,
    ClusterDetails Cluster,
    GatewayDetails Gateway,
    RegionDetails[] Regions,
    ChannelCounts Channels,
    int Participants);

internal sealed record ClusterDetails(string Provider);

internal sealed record GatewayDetails(string Id, string Region, int Sockets);

internal sealed record RegionDetails(string Region, NodeDetails[] Nodes);

/// <summary>The number of live channels in each mode.</summary>
internal sealed record ChannelCounts(int P2p, int Sfu);

/// <summary>A media node's state.</summary>
/// <param name="Load">0…1, the highest of the node's normalised parts.</param>
/// <param name="PacketsForwarded">Media packets sent to receivers since the node's start.</param>
/// <param name="Draining">The node takes no new rooms: an administrator drains it, or its process is stopping.</param>
/// <param name="LastHeartbeat">The time of the node's last heartbeat.</param>
internal sealed partial record NodeDetails(
    string Node,
    string Region,
    string Version,
    int Workers,
    double Load,
    double Cpu,
    int Endpoints,
    int Rooms,
    long PacketsReceived,
    long PacketsForwarded,
    long PacketsDropped,
    bool Draining,
    DateTimeOffset LastHeartbeat);

/// <summary>A region with the address of its gateways.</summary>
/// <param name="Region">The region's name.</param>
/// <param name="Url">Absolute, or relative to the address of the request.</param>
internal sealed record RegionGateway(string Region, string Url);
