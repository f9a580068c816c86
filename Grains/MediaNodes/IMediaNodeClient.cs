using Hype.Grains.Abstractions.Channels;
using Hype.Grains.Abstractions.Errors;
using Hype.Grains.Abstractions.MediaNodes;

namespace Hype.Grains.MediaNodes;

/// <summary>The only door from grains to a media node. Commands answer with an error instead of throwing.</summary>
internal interface IMediaNodeClient : IDisposable
{
    Task<OpenedRoom> OpenRoomAsync(ChannelId channel, RoomEpoch epoch, int slots, DtlsIdentity identity);

    Task<VoiceError> CloseRoomAsync(ChannelId channel, RoomEpoch epoch);

    Task<VoiceError> AddEndpointAsync(EndpointSpec endpoint);

    Task<VoiceError> AcceptAnswerAsync(ChannelId channel, RoomEpoch epoch, MemberNumber number, SfuAnswer answer);

    Task<VoiceError> UpdateEndpointAsync(ChannelId channel, RoomEpoch epoch, MemberNumber number, bool canSpeak, bool canListen);

    Task<VoiceError> RemoveEndpointAsync(ChannelId channel, RoomEpoch epoch, MemberNumber number);

    Task<VoiceError> RestartIceAsync(ChannelId channel, RoomEpoch epoch, MemberNumber number, string iceUfrag, string icePwd);

    Task<ReleasedEndpoint> ReleaseEndpointAsync(ChannelId channel, RoomEpoch epoch, MemberNumber number);

    Task<ListedEndpoints> ListEndpointsAsync(ChannelId channel, RoomEpoch epoch);

    Task<VoiceError> AddLinkAsync(LinkSpec link);

    Task<VoiceError> RemoveLinkAsync(ChannelId channel, RoomEpoch epoch, string link);

    /// <summary>Orders the node to be empty, or takes the order back. Returns whether it drains now: its own wish stands.</summary>
    Task<(VoiceError Error, bool Drains)> DrainAsync(bool draining);

    /// <summary>Is the process of this incarnation there?</summary>
    Task<ProbeResult> ProbeAsync(Guid incarnation, TimeSpan timeout);
}

internal interface IMediaNodeClientFactory
{
    /// <param name="controlUrl">Where the node serves <c>media_node.proto</c>.</param>
    /// <param name="controlToken">What it asks of its callers.</param>
    IMediaNodeClient Connect(string controlUrl, string controlToken);
}
