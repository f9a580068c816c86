using Hype.Gateway.Auth;
using Hype.Gateway.Cluster;
using Hype.Grains.Abstractions.Channels;

namespace Hype.Gateway.Control;

/// <summary>
/// Decides whether a token may give a channel the mode <c>p2p</c>, which shows the IP addresses of all its members to each other: only an
/// administrator's token may, not that of a moderator of one channel. A mode that is set already may stay.
/// </summary>
internal static class MeshPermission
{
    public const string Sentence =
        "Only a token that moderates all channels may set the mode p2p: it shows participants' IP addresses to each other.";

    public static async Task<bool> AllowsAsync(GrainAccess grains, ChannelId channel, ChannelSettings settings, AccessToken? token) =>
        settings.Mode != ModePolicy.P2P
        || token?.Administers == true
        || (await grains.Ask(grains.Channel(channel).GetSnapshot())).Settings.Mode == ModePolicy.P2P;
}
