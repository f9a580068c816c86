using System.Threading.Channels;
using Hype.Grains.Abstractions.Channels;
using Hype.Grains.Abstractions.Errors;
using Hype.Grains.Abstractions.MediaNodes;

namespace Hype.Gateway.Tests.Testing;

/// <summary>Writes down what a node's stream brought.</summary>
internal sealed class FakeMediaNode : IMediaNodeGrain
{
    private readonly Channel<string> _calls = System.Threading.Channels.Channel.CreateUnbounded<string>();

    public bool IsKnown { get; set; } = true;

    /// <summary>What each call waits for before it answers.</summary>
    public Task Takes { get; set; } = Task.CompletedTask;

    public NodeRegistration? Registration { get; private set; }

    public HeldRoom[] Rooms { get; private set; } = [];

    public RoomEvent[] Events { get; private set; } = [];

    public NodeLoad? Load { get; private set; }

    public async Task<string> NextCall()
    {
        using var timeout = new CancellationTokenSource(TimeSpan.FromSeconds(60));
        return await _calls.Reader.ReadAsync(timeout.Token);
    }

    public Task Register(NodeRegistration registration, HeldRoom[] rooms)
    {
        (Registration, Rooms) = (registration, rooms);
        return Did("Register");
    }

    public TimeSpan HeardFor { get; private set; }

    public async Task<bool> Beat(Guid incarnation, NodeLoad? load, TimeSpan heardFor)
    {
        (Load, HeardFor) = (load, heardFor);
        await Did("Beat");
        return IsKnown;
    }

    /// <summary>Channels that do not answer.</summary>
    public ChannelId[] Missed { get; set; } = [];

    public async Task<ChannelId[]?> Report(Guid incarnation, RoomEvent[] events)
    {
        Events = events;
        await Did("Report");
        return IsKnown ? Missed : null;
    }

    public Task Suspect(Guid incarnation) => Did("Suspect");

    public NodeStatus? Status { get; set; }

    public Task<NodeStatus?> GetStatus() => Task.FromResult(Status);

    public Task<OpenedRoom> OpenRoom(ChannelId channel, RoomEpoch epoch, DtlsIdentity identity) => throw new NotSupportedException();

    public Task CloseRoom(ChannelId channel, RoomEpoch epoch) => throw new NotSupportedException();

    public Task<VoiceError> AddEndpoint(EndpointSpec endpoint) => throw new NotSupportedException();

    public Task<VoiceError> AcceptAnswer(ChannelId channel, RoomEpoch epoch, MemberNumber number, SfuAnswer answer) => throw new NotSupportedException();

    public Task<VoiceError> UpdateEndpoint(ChannelId channel, RoomEpoch epoch, MemberNumber number, bool canSpeak, bool canListen) => throw new NotSupportedException();

    public Task<VoiceError> RemoveEndpoint(ChannelId channel, RoomEpoch epoch, MemberNumber number) => throw new NotSupportedException();

    public Task<VoiceError> RestartIce(ChannelId channel, RoomEpoch epoch, MemberNumber number, string iceUfrag, string icePwd) => throw new NotSupportedException();

    public Task<ReleasedEndpoint> ReleaseEndpoint(ChannelId channel, RoomEpoch epoch, MemberNumber number) => throw new NotSupportedException();

    public Task<ListedEndpoints> ListEndpoints(ChannelId channel, RoomEpoch epoch) => throw new NotSupportedException();

    public Task<VoiceError> AddLink(LinkSpec link) => throw new NotSupportedException();

    public Task RemoveLink(ChannelId channel, RoomEpoch epoch, string link) => throw new NotSupportedException();

    public async Task<VoiceError> Drain(bool draining)
    {
        if (Status is null)
            return VoiceError.UnknownNode;
        Status = Status with { Draining = draining };
        await Did($"Drain {draining}");
        return VoiceError.None;
    }

    private Task Did(string call)
    {
        _calls.Writer.TryWrite(call);
        return Takes;
    }
}
