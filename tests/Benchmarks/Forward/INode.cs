using Hype.MediaNode.Net;
using Hype.MediaNode.Rooms;

namespace Hype.Benchmarks.Forward;

/// <summary>What forwards: workers in this process, whose threads are measured, or a node process as it is deployed.</summary>
internal interface INode : IAsyncDisposable
{
    /// <summary>µs of CPU so far.</summary>
    double Cpu { get; }

    /// <summary>Where the room's endpoints connect to.</summary>
    Task<TransportAddress> OpenRoomAsync(RoomKey room, int slots);

    /// <summary>An endpoint whose participant answers with this certificate fingerprint (SHA-256).</summary>
    Task AddEndpointAsync(RoomKey room, EndpointSpec endpoint, byte[] fingerprint);
}
