using Hype.Gateway.Cluster;
using Hype.Gateway.Signaling.Messages;
using Hype.Gateway.Signaling.Replica;
using Hype.Grains.Abstractions.Channels;
using Hype.Grains.Abstractions.Errors;

namespace Hype.Gateway.Signaling.Socket;

/// <summary>
/// Causes the faults that a client requests with <c>simulate</c>, in Development only, so that the author of an SDK can test them.
/// </summary>
internal sealed class FaultSimulator(ISignalingSocket socket, GrainAccess grains, IHostEnvironment environment)
{
    public async Task<CommandOutcome> SimulateAsync(Seat seat, Fault fault)
    {
        if (!environment.IsDevelopment())
            return new CommandOutcome(VoiceError.Unsupported);
        if (fault == Fault.DropSocket)
        {
            socket.Close(SocketCloseReason.Dropped);
            return CommandOutcome.Done;
        }

        var mode = seat.Replica.Mode;
        if (fault == Fault.SwitchMode)
            mode = mode == ChannelMode.P2P ? ChannelMode.Sfu : ChannelMode.P2P;
        return new CommandOutcome(await grains.Ask(grains.Channel(seat.Channel).RequestLayout(mode, ModeReason.Requested)));
    }
}
