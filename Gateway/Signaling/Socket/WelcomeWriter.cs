using Hype.Gateway.Auth;
using Hype.Gateway.Configuration;
using Hype.Gateway.Signaling.Messages;
using Hype.Gateway.Signaling.Renewal;
using Hype.Gateway.Signaling.Replica;
using Microsoft.Extensions.Options;

namespace Hype.Gateway.Signaling.Socket;

/// <summary>Writes the message <c>welcome</c>: the state of the channel, and the limits of this deployment.</summary>
internal sealed class WelcomeWriter(
    IceServers iceServers, IOptions<GatewayOptions> gateway, IOptions<SignalingOptions> signaling, IOptions<ChannelLimits> limits)
{
    private readonly string[] _gateways = [.. gateway.Value.Alternates.Select(SignalingPath.UrlOf)];

    public WelcomeMessage Write(ChannelId channel, WelcomeFacts facts, bool resumed) => new()
    {
        Channel = channel.Value,
        Number = facts.Self.Number,
        Identity = facts.Self.Identity,
        Name = facts.Self.Name,
        ResumeToken = facts.Joined.ResumeToken,
        ResumeWindowMs = (long)limits.Value.ResumeWindow.TotalMilliseconds,
        Resumed = resumed,
        IceServers = iceServers.For(facts.Self.Identity),
        Gateways = _gateways,
        Limits = new WelcomeLimits(
            signaling.Value.MaxMessageBytes,
            (long)signaling.Value.PingInterval.TotalMilliseconds,
            facts.Settings.MaxParticipants ?? limits.Value.MaxParticipants),
        Settings = new WelcomeSettings(
            facts.Settings.Mode,
            limits.Value.AllowMesh ? limits.Value.P2PThreshold : 0,
            limits.Value.Slots,
            NullIfEmpty(facts.Settings.Name),
            NullIfEmpty(facts.Settings.Metadata)),
        Layout = WireLayout.From(facts.Current),
        Pending = facts.Pending is { } pending ? WireLayout.From(pending) : null,
        Dominant = facts.Dominant,
        Grants = WireGrants.Write(facts.Self.Grants),
        Seq = facts.RosterVersion,
        Participants = facts.Participants,
    };

    private static string? NullIfEmpty(string text) => text.Length > 0 ? text : null;
}
