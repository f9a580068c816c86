using Hype.Grains.Abstractions.Channels;
using Hype.Grains.Abstractions.Errors;
using Hype.Grains.Abstractions.MediaNodes;

namespace Hype.Grains.MediaNodes;

/// <summary>The only door from grains to a media node. Commands answer with an error instead of throwing.</summary>
internal interface IMediaNodeClient : IDisposable
{
    Task<OpenedRoom> OpenRoomAsync(ChannelId channel, int epoch, int slots, DtlsIdentity identity);

    Task<VoiceError> CloseRoomAsync(ChannelId channel, int epoch);

    Task<VoiceError> AddEndpointAsync(EndpointSpec endpoint);

    Task<VoiceError> AcceptAnswerAsync(ChannelId channel, uint number, SfuAnswer answer);

    Task<VoiceError> UpdateEndpointAsync(ChannelId channel, int epoch, uint number, bool canSpeak, bool canListen);

    Task<VoiceError> RemoveEndpointAsync(ChannelId channel, int epoch, uint number);

    Task<VoiceError> RestartIceAsync(ChannelId channel, int epoch, uint number, string iceUfrag, string icePwd);

    Task<ReleasedEndpoint> ReleaseEndpointAsync(ChannelId channel, int epoch, uint number);

    Task<ListedEndpoints> ListEndpointsAsync(ChannelId channel, int epoch);

    Task<VoiceError> AddLinkAsync(LinkSpec link);

    Task<VoiceError> RemoveLinkAsync(ChannelId channel, int epoch, string link);

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
