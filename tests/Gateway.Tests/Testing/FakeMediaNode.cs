using System.Threading.Channels;
using Hype.Grains.Abstractions.Errors;
using Hype.Grains.Abstractions.MediaNodes;

namespace Hype.Gateway.Tests.Testing;

/// <summary>Records the calls of a node's stream.</summary>
internal sealed class FakeMediaNode : IMediaNodeGrain
{
    private readonly Channel<string> _calls = System.Threading.Channels.Channel.CreateUnbounded<string>();

    /// <summary>False: the grain does not know the node's incarnation.</summary>
    public bool IsKnown { get; set; } = true;

    /// <summary>The task that each call waits for before it answers.</summary>
    public Task Gate { get; set; } = Task.CompletedTask;

    public NodeRegistration? Registration { get; private set; }

    public HeldRoom[] Rooms { get; private set; } = [];

    public RoomEvent[] Events { get; private set; } = [];

    public NodeLoad? Load { get; private set; }

    /// <summary>The newest reported time of acknowledgement.</summary>
    public TimeSpan AckedFor { get; private set; }

    /// <summary>The channels that do not answer.</summary>
    public ChannelId[] Undelivered { get; set; } = [];

    public NodeStatus? Status { get; set; }

    /// <summary>Waits for the next call, and returns its name.</summary>
    public async Task<string> NextCall()
    {
        using var timeout = new CancellationTokenSource(TimeSpan.FromSeconds(60));
        return await _calls.Reader.ReadAsync(timeout.Token);
    }

    public Task Register(NodeRegistration registration, HeldRoom[] rooms)
    {
        (Registration, Rooms) = (registration, rooms);
        return RecordAsync("Register");
    }

    public async Task<bool> Heartbeat(Guid incarnation, NodeLoad? load, TimeSpan ackedFor)
    {
        (Load, AckedFor) = (load, ackedFor);
        await RecordAsync("Heartbeat");
        return IsKnown;
    }

    public async Task<ChannelId[]?> Report(Guid incarnation, RoomEvent[] events)
    {
        Events = events;
        await RecordAsync("Report");
        return IsKnown ? Undelivered : null;
    }

    public Task Suspect(Guid incarnation) => RecordAsync("Suspect");

    public Task<NodeStatus?> GetStatus() => Task.FromResult(Status);

    public async Task<VoiceError> Drain(bool draining)
    {
        if (Status is null)
            return VoiceError.UnknownNode;
        Status = Status with { Load = Status.Load with { Draining = draining } };
        await RecordAsync($"Drain {draining}");
        return VoiceError.None;
    }

    private Task RecordAsync(string call)
    {
        _calls.Writer.TryWrite(call);
        return Gate;
    }
}
