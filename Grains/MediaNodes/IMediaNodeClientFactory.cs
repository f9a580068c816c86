namespace Hype.Grains.MediaNodes;

/// <summary>Creates the connections of node grains to their media nodes.</summary>
internal interface IMediaNodeClientFactory
{
    /// <param name="controlUrl">The URL at which the node serves <c>media_node.proto</c>.</param>
    /// <param name="controlToken">The token that its callers must present.</param>
    IMediaNodeClient Connect(string controlUrl, string controlToken);
}
