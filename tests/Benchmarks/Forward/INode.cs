using Hype.MediaNode.Net;
using Hype.MediaNode.Rooms;
using Hype.MediaNode.Stun;

namespace Hype.Benchmarks.Forward;

/// <summary>
/// A media node under test: either workers in this process, whose threads are measured, or a separate node process as in a deployment.
/// </summary>
internal interface INode : IAsyncDisposable
{
    /// <summary>The CPU time, in µs, that the measured threads or the node process have used since their start.</summary>
    double Cpu { get; }

    /// <summary>Opens a room and returns the address to which its endpoints connect.</summary>
    Task<TransportAddress> OpenRoomAsync(RoomKey room, int slots);

    /// <summary>Adds an endpoint whose client answers with this certificate fingerprint (SHA-256).</summary>
    Task AddEndpointAsync(RoomKey room, EndpointSpec endpoint, IceCredential client, byte[] fingerprint);
}
