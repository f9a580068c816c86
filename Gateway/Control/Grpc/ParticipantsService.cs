using Grpc.Core;
using Hype.Gateway.Auth;
using Hype.Gateway.Cluster;
using Hype.Gateway.Control.Rest;
using Hype.Gateway.Errors;
using Hype.Grains.Abstractions.Errors;
using Proto = Hype.Control.V1;

namespace Hype.Gateway.Control.Grpc;

/// <summary>Lists and moderates the participants of a channel over gRPC, as <see cref="ParticipantsApi"/> does over REST.</summary>
internal sealed class ParticipantsService(GrainAccess grains) : Proto.Participants.ParticipantsBase
{
    public override async Task<Proto.ListParticipantsReply> List(Proto.ListParticipantsRequest request, ServerCallContext context)
    {
        var snapshot = await grains.Ask(grains.Channel(context.Moderated(request.Channel)).GetSnapshot());
        return new Proto.ListParticipantsReply { Participants = { snapshot.Participants.Select(Wire.Write) } };
    }

    public override async Task<Proto.Participant> Get(Proto.GetParticipantRequest request, ServerCallContext context)
    {
        var snapshot = await grains.Ask(grains.Channel(context.Moderated(request.Channel)).GetSnapshot());
        return snapshot.Participants.FirstOrDefault(participant => participant.Number.Value == request.Number) is { } found
            ? Wire.Write(found)
            : throw GrpcErrors.Refusal(VoiceError.UnknownParticipant);
    }

    public override async Task<Proto.MuteReply> Mute(Proto.MuteRequest request, ServerCallContext context)
    {
        var storage = await grains.ModerateAsync(
            context.Moderated(request.Channel), (grain, _) => grain.SetServerMute(new(request.Number), request.Muted));
        return new Proto.MuteReply { Storage = storage };
    }

    public override async Task<Proto.KickReply> Kick(Proto.KickRequest request, ServerCallContext context)
    {
        var storage = await grains.ModerateAsync(context.Moderated(request.Channel), (grain, _) => grain.Kick(new(request.Number)));
        return new Proto.KickReply { Storage = storage };
    }

    public override async Task<Proto.MoveReply> Move(Proto.MoveRequest request, ServerCallContext context)
    {
        var (from, to) = (context.Moderated(request.Channel), context.Moderated(request.To));
        await grains.DoAsync(from, (grain, _) => grain.Move(new(request.Number), to));
        return new Proto.MoveReply();
    }

    public override async Task<Proto.SetGrantsReply> SetGrants(Proto.SetGrantsRequest request, ServerCallContext context)
    {
        var channel = context.Moderated(request.Channel);
        var grants = WireGrants.TryRead(request.Grants)
            ?? throw GrpcErrors.Refusal(VoiceError.BadMessage, "Grants are join, speak, listen and moderate.");
        var storage = await grains.ModerateAsync(channel, (grain, _) => grain.SetGrants(new(request.Number), grants));
        return new Proto.SetGrantsReply { Storage = storage };
    }

    public override async Task<Proto.SetAttributesReply> SetAttributes(Proto.SetAttributesRequest request, ServerCallContext context)
    {
        await grains.DoAsync(
            context.Moderated(request.Channel), (grain, _) => grain.SetAttributes(new(request.Number), Wire.Read(request.Attributes)));
        return new Proto.SetAttributesReply();
    }
}
