using Hype.MediaNode.Net;
using Hype.MediaNode.Rooms;

namespace Hype.Benchmarks.Forward;

/// <summary>A media node under test: workers in this process, whose threads are measured, or a deployed node process.</summary>
internal interface INode : IAsyncDisposable
{
    /// <summary>The CPU time since the start, in µs.</summary>
    double Cpu { get; }

    /// <summary>The address that the room's endpoints connect to.</summary>
    Task<TransportAddress> OpenRoomAsync(RoomKey room, int slots);

    /// <summary>Adds an endpoint whose participant answers with this certificate fingerprint (SHA-256).</summary>
    Task AddEndpointAsync(RoomKey room, EndpointSpec endpoint, byte[] fingerprint);
}
