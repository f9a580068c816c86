using System.Threading.Channels;
using Hype.Grains.Abstractions.Errors;
using Hype.Grains.Abstractions.MediaNodes;

namespace Hype.Gateway.Tests.Testing;

/// <summary>A media node's grain for tests: it records the calls that the node's stream causes.</summary>
internal sealed class FakeMediaNode : IMediaNodeGrain
{
    private readonly Channel<string> _calls = System.Threading.Channels.Channel.CreateUnbounded<string>();

    /// <summary>False if the grain must answer that it does not know the node's incarnation.</summary>
    public bool IsKnown { get; set; } = true;

    /// <summary>A task that each call waits for before it answers.</summary>
    public Task Gate { get; set; } = Task.CompletedTask;

    public NodeRegistration? Registration { get; private set; }

    public HeldRoom[] Rooms { get; private set; } = [];

    public RoomEvent[] Events { get; private set; } = [];

    public NodeLoad? Load { get; private set; }

    /// <summary>The <see cref="NodeRegistration.AckedFor"/> that the newest heartbeat reported.</summary>
    public TimeSpan AckedFor { get; private set; }

    /// <summary>The channels that a report of events returns as undelivered.</summary>
    public ChannelId[] Undelivered { get; set; } = [];

    public NodeStatus? Status { get; set; }

    /// <summary>Waits for the next call of the gateway, and returns the call's name.</summary>
    public async Task<string> NextCall()
    {
        using var timeout = new CancellationTokenSource(TimeSpan.FromSeconds(60));
        return await _calls.Reader.ReadAsync(timeout.Token);
    }

    /// <summary>True if the grain must answer that another process with the same node id runs.</summary>
    public bool HasOtherProcess { get; set; }

    public async Task<bool> Register(NodeRegistration registration, HeldRoom[] rooms)
    {
        (Registration, Rooms) = (registration, rooms);
        await RecordAsync("Register");
        return !HasOtherProcess;
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
