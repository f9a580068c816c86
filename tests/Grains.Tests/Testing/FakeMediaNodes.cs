using System.Collections.Concurrent;
using Hype.Grains.Abstractions.Channels;
using Hype.Grains.Abstractions.Errors;
using Hype.Grains.Abstractions.MediaNodes;
using Hype.Grains.MediaNodes;

namespace Hype.Grains.Tests.Testing;

/// <summary>Media nodes as the grains see them through their only door; keyed by control URL.</summary>
internal sealed class FakeMediaNodes : IMediaNodeClientFactory
{
    private readonly ConcurrentDictionary<string, FakeMediaNode> _nodes = new();

    public FakeMediaNode Start(string id) => _nodes[$"http://{id}"] = new FakeMediaNode(id);

    public FakeMediaNode Find(MediaNodeId node) => _nodes[$"http://{node}"];

    public IMediaNodeClient Connect(string controlUrl, string controlToken) => _nodes[controlUrl];
}

/// <summary>Keeps what it was told; answers like a node, or like none when it is dead.</summary>
internal sealed class FakeMediaNode(string id) : IMediaNodeClient
{
    private readonly Lock _gate = new();
    private readonly HashSet<(ChannelId Channel, RoomEpoch Epoch)> _rooms = [];
    private readonly Dictionary<(ChannelId Channel, RoomEpoch Epoch, MemberNumber Number), EndpointSpec> _endpoints = [];
    private readonly List<string> _commands = [];

    public NodeRegistration Registration { get; } = new()
    {
        Node = new MediaNodeId(id),
        Region = new("local"),
        Incarnation = Guid.NewGuid(),
        ControlUrl = $"http://{id}",
        Version = "test",
        Workers = 1,
    };

    public volatile bool Alive = true;

    /// <summary>What it was ordered, and says with its load.</summary>
    public bool Draining { get; private set; }

    public IReadOnlyCollection<(ChannelId Channel, RoomEpoch Epoch)> Rooms { get { lock (_gate) return [.. _rooms]; } }

    public IReadOnlyCollection<EndpointSpec> Endpoints { get { lock (_gate) return [.. _endpoints.Values]; } }

    /// <summary>Every command in the order it came, as <c>Add 3</c>.</summary>
    public IReadOnlyList<string> Commands { get { lock (_gate) return [.. _commands]; } }

    /// <summary>Told of every command after it was carried out.</summary>
    public event Action? Commanded;

    public async Task<OpenedRoom> OpenRoomAsync(ChannelId channel, RoomEpoch epoch, int slots, DtlsIdentity identity) => new()
    {
        Error = await Do($"Open {epoch}", () => _rooms.Add((channel, epoch))),
        Candidates = [new NodeCandidate("127.0.0.1", 40_000)],
        Fingerprint = identity.Fingerprint,
    };

    public Task<VoiceError> CloseRoomAsync(ChannelId channel, RoomEpoch epoch) => Do($"Close {epoch}", () => _rooms.Remove((channel, epoch)));

    public Task<VoiceError> AddEndpointAsync(EndpointSpec endpoint) =>
        Do($"Add {endpoint.Number}", () => _endpoints.Add((endpoint.Channel, endpoint.Epoch, endpoint.Number), endpoint));

    public Task<VoiceError> AcceptAnswerAsync(ChannelId channel, RoomEpoch epoch, MemberNumber number, SfuAnswer answer) => Do($"Answer {number}", () => { });

    public Task<VoiceError> UpdateEndpointAsync(ChannelId channel, RoomEpoch epoch, MemberNumber number, bool canSpeak, bool canListen) => Do($"Update {number}", () =>
        _endpoints[(channel, epoch, number)] = _endpoints[(channel, epoch, number)] with { CanSpeak = canSpeak, CanListen = canListen });

    public Task<VoiceError> RemoveEndpointAsync(ChannelId channel, RoomEpoch epoch, MemberNumber number) => Do($"Remove {number}", () => _endpoints.Remove((channel, epoch, number)));

    public Task<VoiceError> RestartIceAsync(ChannelId channel, RoomEpoch epoch, MemberNumber number, string iceUfrag, string icePwd) => Do($"Restart {number}", () => { });

    public async Task<ReleasedEndpoint> ReleaseEndpointAsync(ChannelId channel, RoomEpoch epoch, MemberNumber number)
    {
        var error = await Do($"Release {number}", () => { });
        return new ReleasedEndpoint(error, error == VoiceError.None ? new TransportTicket("ufrag", [new(1)], "AA", 1, [1]) : null);
    }

    public async Task<ListedEndpoints> ListEndpointsAsync(ChannelId channel, RoomEpoch epoch)
    {
        var error = await Do($"List {epoch}", () => { });
        return new ListedEndpoints(error, [.. Endpoints.Where(endpoint => endpoint.Channel == channel && endpoint.Epoch == epoch).Select(endpoint => new ListedEndpoint(endpoint.Number, endpoint.Ticket))], []);
    }

    public Task<VoiceError> AddLinkAsync(LinkSpec link) => Do($"Link {link.Link}", () => { });

    public Task<VoiceError> RemoveLinkAsync(ChannelId channel, RoomEpoch epoch, string link) => Do($"Unlink {link}", () => { });

    public async Task<(VoiceError Error, bool Drains)> DrainAsync(bool draining)
    {
        var error = await Do($"Drain {draining}", () => Draining = draining);
        return (error, Draining);
    }

    public Task<ProbeResult> ProbeAsync(Guid incarnation, TimeSpan timeout) => Task.FromResult(Alive && incarnation == Registration.Incarnation ? ProbeResult.Alive : ProbeResult.Gone);

    public void Dispose()
    {
    }

    private async Task<VoiceError> Do(string command, Action act)
    {
        // A real call never completes at once.
        await Task.Yield();
        if (!Alive)
            return VoiceError.Unavailable;

        lock (_gate)
        {
            _commands.Add(command);
            act();
        }

        Commanded?.Invoke();
        return VoiceError.None;
    }
}
