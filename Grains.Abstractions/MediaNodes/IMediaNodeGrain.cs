using System.Collections.Immutable;
using Hype.Grains.Abstractions.Channels;
using Hype.Grains.Abstractions.Errors;
using Hype.Grains.Abstractions.Regions;

namespace Hype.Grains.Abstractions.MediaNodes;

/// <summary>What a node says of itself when it registers.</summary>
[GenerateSerializer, Immutable, Alias("hype.NodeRegistration")]
public sealed record NodeRegistration
{
    [Id(0)]
    public required MediaNodeId Node { get; init; }

    [Id(1)]
    public required RegionId Region { get; init; }

    /// <summary>New for every start of the node's process: a node with another incarnation has none of the old rooms.</summary>
    [Id(2)]
    public required Guid Incarnation { get; init; }

    /// <summary>Where the node takes its orders (gRPC, <c>media_node.proto</c>).</summary>
    [Id(3)]
    public required string ControlUrl { get; init; }

    [Id(4)]
    public required string Version { get; init; }

    [Id(5)]
    public required int Workers { get; init; }

    /// <summary>What the node asks of whoever gives it orders.</summary>
    [Id(6)]
    public string ControlToken { get; init; } = "";

    /// <summary>
    /// For so long the control plane has acknowledged what the node said at least every 5 s, whichever grain it was: tickets from then
    /// on hold what they promise. Zero: it is new, or was silent.
    /// </summary>
    [Id(7)]
    public TimeSpan HeardFor { get; init; }

    /// <summary>Never prints the token.</summary>
    public override string ToString() => $"NodeRegistration {{ {Node}, {Region}, {Incarnation}, {ControlUrl} }}";
}

/// <summary>A room that a node says it carries.</summary>
[GenerateSerializer, Immutable, Alias("hype.HeldRoom")]
public sealed record HeldRoom([property: Id(0)] ChannelId Channel, [property: Id(1)] RoomEpoch Epoch);

/// <summary>A node's load; totals count from the start of its process.</summary>
[GenerateSerializer, Immutable, Alias("hype.NodeLoad")]
public sealed record NodeLoad
{
    public static readonly NodeLoad Idle = new();

    /// <summary>0…1, the highest of the node's normalised parts (CPU, endpoints, busiest worker).</summary>
    [Id(0)]
    public double Load { get; init; }

    /// <summary>CPU of the process as a share of its cores, 0…1.</summary>
    [Id(1)]
    public double Cpu { get; init; }

    [Id(2)]
    public int Endpoints { get; init; }

    [Id(3)]
    public int Rooms { get; init; }

    [Id(4)]
    public long PacketsReceived { get; init; }

    /// <summary>Media packets sent on to receivers.</summary>
    [Id(5)]
    public long PacketsForwarded { get; init; }

    [Id(6)]
    public long PacketsDropped { get; init; }

    [Id(7)]
    public bool Draining { get; init; }
}

/// <summary>A node as its region and the admin see it.</summary>
[GenerateSerializer, Immutable, Alias("hype.NodeStatus")]
public sealed record NodeStatus
{
    [Id(0)]
    public required NodeRegistration Registration { get; init; }

    [Id(1)]
    public required NodeLoad Load { get; init; }

    [Id(2)]
    public required DateTimeOffset LastBeat { get; init; }

    /// <summary>It is to be empty, by its own wish or an administrator's order.</summary>
    [Id(3)]
    public bool Draining { get; init; }
}

/// <summary>Where a room was opened.</summary>
[GenerateSerializer, Immutable, Alias("hype.OpenedRoom")]
public sealed record OpenedRoom
{
    [Id(0)]
    public VoiceError Error { get; init; }

    [Id(1)]
    public ImmutableArray<NodeCandidate> Candidates { get; init; } = [];

    /// <summary>Of the certificate that the room shows; asked again, still the first one.</summary>
    [Id(2)]
    public string Fingerprint { get; init; } = "";
}

/// <summary>A participant's transport on the node, complete: nothing of it is the node's own invention.</summary>
[GenerateSerializer, Immutable, Alias("hype.EndpointSpec")]
public sealed record EndpointSpec
{
    [Id(0)]
    public required ChannelId Channel { get; init; }

    [Id(1)]
    public required RoomEpoch Epoch { get; init; }

    [Id(2)]
    public required MemberNumber Number { get; init; }

    [Id(3)]
    public required string IceUfrag { get; init; }

    [Id(4)]
    public required string IcePwd { get; init; }

    [Id(5)]
    public required ImmutableArray<Ssrc> SlotSsrcs { get; init; }

    /// <summary>May its audio be forwarded (grant to speak, and neither muted by itself nor by a moderator)?</summary>
    [Id(6)]
    public bool CanSpeak { get; init; } = true;

    /// <summary>Is anything forwarded to it (grant to listen, and not deafened)?</summary>
    [Id(7)]
    public bool CanListen { get; init; } = true;

    /// <summary>Shall the node hand out tickets for it?</summary>
    [Id(8)]
    public bool Portable { get; init; }

    /// <summary>Revive it from this ticket, under the same keys; null: it is new.</summary>
    [Id(9)]
    public TransportTicket? Ticket { get; init; }

    /// <summary>Never prints the password.</summary>
    public override string ToString() => $"EndpointSpec {{ {Channel}, {Epoch}, {Number} }}";
}

/// <summary>The certificate that a room shows in DTLS. Lives in memory only, on both sides.</summary>
/// <param name="Certificate">X.509, DER; ECDSA P-256.</param>
/// <param name="PrivateKey">PKCS #8, DER.</param>
/// <param name="Fingerprint">SHA-256 of the certificate, upper-case hex with colons.</param>
[GenerateSerializer, Immutable, Alias("hype.DtlsIdentity")]
public sealed record DtlsIdentity([property: Id(0)] byte[] Certificate, [property: Id(1)] byte[] PrivateKey, [property: Id(2)] string Fingerprint)
{
    /// <summary>Never prints the key.</summary>
    public override string ToString() => $"DtlsIdentity {{ {Fingerprint} }}";
}

/// <summary>
/// One media node, key = <see cref="MediaNodeId"/>: its lease and load, the channels on it, and the only way to give it orders.
/// </summary>
[Alias("hype.IMediaNodeGrain")]
public interface IMediaNodeGrain : IGrainWithStringKey
{
    /// <summary>
    /// Starts the lease. A new incarnation first loses the old one's rooms. Each channel of the rooms that the node holds hears of
    /// them, and has those closed that are no longer its own.
    /// </summary>
    [Alias("Register"), ResponseTimeout(IChannelGrain.Attempt)]
    Task Register(NodeRegistration registration, HeldRoom[] rooms);

    /// <summary>Renews the lease; false when this incarnation is not registered, and the node must register again.</summary>
    /// <param name="incarnation">Whose lease.</param>
    /// <param name="load">Null in most beats.</param>
    /// <param name="heardFor">As <see cref="NodeRegistration.HeardFor"/>, when it was sent.</param>
    [Alias("Beat"), ResponseTimeout(IChannelGrain.Attempt)]
    Task<bool> Beat(Guid incarnation, NodeLoad? load, TimeSpan heardFor);

    /// <summary>What the node saw; passed on to the channels before it answers.</summary>
    /// <returns>The channels that did not answer in time: the node says it again. Null as with a false <see cref="Beat"/>: nobody heard it.</returns>
    [Alias("Report"), ResponseTimeout(IChannelGrain.Attempt)]
    Task<ChannelId[]?> Report(Guid incarnation, RoomEvent[] events);

    /// <summary>The node's stream broke: probe it, and end the lease when the probe fails too.</summary>
    [Alias("Suspect")]
    Task Suspect(Guid incarnation);

    [Alias("GetStatus"), ResponseTimeout(IChannelGrain.Attempt)]
    Task<NodeStatus?> GetStatus();

    /// <summary>Opens the channel's room of an epoch (again: the same answer). An epoch below the newest known is refused.</summary>
    [Alias("OpenRoom")]
    Task<OpenedRoom> OpenRoom(ChannelId channel, RoomEpoch epoch, DtlsIdentity identity);

    [Alias("CloseRoom")]
    Task CloseRoom(ChannelId channel, RoomEpoch epoch);

    [Alias("AddEndpoint")]
    Task<VoiceError> AddEndpoint(EndpointSpec endpoint);

    /// <summary>The client's certificate fingerprint, from its answer: no media counts before it is known and checked.</summary>
    [Alias("AcceptAnswer")]
    Task<VoiceError> AcceptAnswer(ChannelId channel, RoomEpoch epoch, MemberNumber number, SfuAnswer answer);

    [Alias("UpdateEndpoint")]
    Task<VoiceError> UpdateEndpoint(ChannelId channel, RoomEpoch epoch, MemberNumber number, bool canSpeak, bool canListen);

    /// <summary>One that is not there is removed already.</summary>
    [Alias("RemoveEndpoint")]
    Task<VoiceError> RemoveEndpoint(ChannelId channel, RoomEpoch epoch, MemberNumber number);

    /// <summary>Moves an endpoint to new ICE credentials (RFC 8445 §9); its keys stay.</summary>
    [Alias("RestartIce")]
    Task<VoiceError> RestartIce(ChannelId channel, RoomEpoch epoch, MemberNumber number, string iceUfrag, string icePwd);

    /// <summary>
    /// Hands an endpoint over: its last ticket. It goes on at this node until it is removed, but never reaches the indices that the
    /// ticket leaves to its successor.
    /// </summary>
    [Alias("ReleaseEndpoint")]
    Task<ReleasedEndpoint> ReleaseEndpoint(ChannelId channel, RoomEpoch epoch, MemberNumber number);

    /// <summary>Who is in a room, with the newest ticket of each.</summary>
    [Alias("ListEndpoints"), ResponseTimeout(IChannelGrain.Attempt)]
    Task<ListedEndpoints> ListEndpoints(ChannelId channel, RoomEpoch epoch);

    [Alias("AddLink")]
    Task<VoiceError> AddLink(LinkSpec link);

    [Alias("RemoveLink")]
    Task RemoveLink(ChannelId channel, RoomEpoch epoch, string link);

    /// <summary>
    /// No new rooms from now on, and its channels move those it has to other nodes; false takes it back. The node itself remembers the
    /// order, for as long as it runs: it outlives this grain and its silo.
    /// </summary>
    [Alias("Drain")]
    Task<VoiceError> Drain(bool draining);
}
