using System.Collections.Immutable;
using Hype.Grains.Abstractions.Calls;
using Hype.Grains.Abstractions.Channels;
using Hype.Grains.Abstractions.Errors;
using Hype.Grains.Abstractions.Participants;
using Hype.Grains.Channels.Inputs;
using Hype.Grains.Channels.Members;
using Hype.Grains.Storage;

namespace Hype.Grains.Channels;

/// <summary>The orders of moderators: they concern a participant of the channel, or an identity that may be absent.</summary>
internal sealed partial class ChannelGrain
{
    public Task<ModerationResult> SetServerMute(MemberNumber number, bool muted) => ModerateAsync(
        number, _ => new SetServerMute(number, muted), (_, restriction) => restriction with { ServerMuted = muted });

    public Task<ModerationResult> SetGrants(MemberNumber number, Grants grants) => ModerateAsync(
        number,
        _ => new SetGrants(number, grants),
        (member, restriction) => restriction.WithGrants(member.Participant.Grants, grants));

    public Task<VoiceError> SetAttributes(MemberNumber number, ImmutableSortedDictionary<string, string> attributes) =>
        ParticipantAttributes.AreValid(attributes)
            ? RunAsync(new SetAttributes(number, attributes))
            : Task.FromResult(VoiceError.InvalidAttributes);

    // The member may have left without an order. The stored checkpoint may contain it, and the next activation would restore it.
    public Task<ModerationResult> Kick(MemberNumber number) => _machine.HasLeft(number)
        ? StoreOrderAsync()
        : ModerateAsync(number, member => new Leave(member.Session, LeaveReason.Kicked));

    public async Task<VoiceError> Move(MemberNumber number, ChannelId to)
    {
        if (to == _channel)
            return VoiceError.InvalidChannel;
        if (_machine.Find(number) is not { } member)
            return VoiceError.UnknownParticipant;
        if (_gateways.Find(member.GatewayId) is not { } gateway)
            return VoiceError.Unavailable;
        var restriction = _store.RestrictionOf(member.Participant.Identity);
        return await _sessions.MoveAsync(member, restriction, gateway, to, seat =>
            // A moderator's order that arrived during the move is not in effect in the other channel.
            _store.RestrictionOf(member.Participant.Identity) == restriction
                ? Run(new Transfer(member.Session, to, seat)).Error
                : VoiceError.Unavailable);
    }

    public async Task<ModerationResult> SetBan(Ban ban, CancellationToken cancellationToken)
    {
        cancellationToken.ThrowIfCancellationRequested();
        if (!_store.TrySetBan(ban, Now))
            return ModerationResult.Refused(VoiceError.TooManyBans);
        if (_machine.FindIdentity(ban.Identity) is { } member && ban.Holds(Now))
            Run(new Leave(member.Session, LeaveReason.Banned));
        return await StoreOrderAsync();
    }

    public async Task<ModerationResult> LiftBan(string identity, CancellationToken cancellationToken)
    {
        cancellationToken.ThrowIfCancellationRequested();
        if (!_store.IsBanned(identity, Now))
            return await LiftNothingAsync(VoiceError.UnknownBan);
        _store.LiftBan(identity, Now);
        return await StoreOrderAsync();
    }

    public Task<Ban[]> GetBans() => Task.FromResult(_store.GetBans(Now));

    public async Task<ModerationResult> LiftRestriction(string identity, CancellationToken cancellationToken)
    {
        cancellationToken.ThrowIfCancellationRequested();
        var restriction = _store.RestrictionOf(identity);
        if (restriction == Restriction.None)
            return await LiftNothingAsync(VoiceError.UnknownRestriction);
        _store.Restrict(identity, Restriction.None);
        if (_machine.FindIdentity(identity) is { } member)
        {
            Run(new SetServerMute(member.Number, false));
            Run(new SetGrants(member.Number, member.Participant.Grants | (restriction.Denied & member.TokenGrants)));
        }

        return await StoreOrderAsync();
    }

    public Task<RestrictedIdentity[]> GetRestrictions() => Task.FromResult(_store.GetRestrictions());

    /// <summary>Carries out a moderator's order at once, also while the storage is unavailable, and then stores it.</summary>
    /// <param name="order">Returns the input that applies the order to the member.</param>
    /// <param name="restrict">Returns the restriction of the identity after the order; null: the order does not change it.</param>
    private async Task<ModerationResult> ModerateAsync(
        MemberNumber number, Func<Member, ChannelInput> order, Func<Member, Restriction, Restriction>? restrict = null)
    {
        if (_machine.Find(number) is not { } member)
            return ModerationResult.Refused(VoiceError.UnknownParticipant);
        var identity = member.Participant.Identity;
        if (restrict is not null)
            _store.Restrict(identity, restrict(member, _store.RestrictionOf(identity)));
        Run(order(member));
        return await StoreOrderAsync();
    }

    /// <summary>
    /// Answers a lift that finds nothing to lift. An earlier attempt may have lifted it, or an earlier lift that is in effect and not
    /// stored: then the channel is written, because only a write that starts after the order proves that the order is stored.
    /// </summary>
    /// <param name="unknown">The error of a first attempt if everything is stored.</param>
    private Task<ModerationResult> LiftNothingAsync(VoiceError unknown) => CallAttempt.Age > TimeSpan.Zero || !_store.IsStored
        ? StoreOrderAsync()
        : Task.FromResult(ModerationResult.Refused(unknown));

    /// <summary>Writes the channel with an order that is in effect. Every answer that an order is stored comes from here.</summary>
    private Task<ModerationResult> StoreOrderAsync() => OrderWrite.ResultAsync(_store.SaveAsync(), time);
}
