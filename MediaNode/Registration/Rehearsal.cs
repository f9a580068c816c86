using System.Diagnostics;
using System.Reflection;
using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using Grpc.Core;
using Grpc.Net.Client;
using Hype.MediaNode.NodeState;
using Hype.MediaNode.Orders.V1;

namespace Hype.MediaNode.Registration;

/// <summary>
/// What the first channel would else wait for: before the node registers, its code is compiled and it has taken one order. The first
/// order is often that of a channel which has just lost another node, and has silence for as long: without this the first room of a
/// process took 550 to 1,300 ms (tests/Cluster.Tests, two busy cores), every other one 1 ms.
/// </summary>
internal sealed partial class Rehearsal(NodeIdentity identity, ILogger<Rehearsal> logger)
{
    private const BindingFlags Declared = BindingFlags.Instance | BindingFlags.Static | BindingFlags.Public | BindingFlags.NonPublic | BindingFlags.DeclaredOnly;

    // Once per process, however many nodes it starts.
    private static readonly Lazy<int> Compiled = new(CompileAll);

    /// <param name="controlUrl">Where this node listens.</param>
    public async Task RunAsync(string controlUrl, CancellationToken stopping)
    {
        var began = Stopwatch.GetTimestamp();
        var methods = await Task.Run(() => Compiled.Value, stopping);
        try
        {
            using var channel = GrpcChannel.ForAddress(controlUrl);
            await new MediaNodeControl.MediaNodeControlClient(channel).ProbeAsync(
                new ProbeRequest(), new Metadata { { "authorization", $"Bearer {identity.ControlToken}" } }, cancellationToken: stopping);
            LogReady(methods, Stopwatch.GetElapsedTime(began));
        }
        catch (RpcException error) when (!stopping.IsCancellationRequested)
        {
            // Only slower then. Whether others reach the port is for the control plane to find out.
            LogNotReached(controlUrl, error.Status.Detail);
        }
    }

    /// <summary>All methods of this assembly that can be; returns how many.</summary>
    private static int CompileAll()
    {
        var methods =
            from type in typeof(Rehearsal).Assembly.GetTypes()
            where !type.ContainsGenericParameters
            from method in type.GetMethods(Declared).Concat<MethodBase>(type.GetConstructors(Declared))
            where !method.IsAbstract && !method.ContainsGenericParameters
            // The first belong to libraries, and the second are compiled when their address is taken.
            where !method.IsDefined(typeof(DllImportAttribute)) && !method.IsDefined(typeof(UnmanagedCallersOnlyAttribute))
            select method.MethodHandle;
        var count = 0;
        foreach (var method in methods)
        {
            RuntimeHelpers.PrepareMethod(method);
            count++;
        }
        return count;
    }

    [LoggerMessage(Level = LogLevel.Information, Message = "Ready for the first order: {Methods} methods compiled in {Took}")]
    private partial void LogReady(int methods, TimeSpan took);

    [LoggerMessage(Level = LogLevel.Warning, Message = "This node does not reach itself at {ControlUrl}: {Reason}")]
    private partial void LogNotReached(string controlUrl, string reason);
}
