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
/// Prepares a node before it registers: compiles its code and sends one order to itself, so that the first channel does not wait for
/// compilation. The first order often comes from a channel that has just lost another node; the channel is silent until the order is
/// executed. Without the warm-up the first room of a process took 550 to 1,300 ms (tests/Cluster.Tests, two busy cores), and each later
/// room 1 ms.
/// </summary>
internal sealed partial class Warmup(NodeIdentity identity, ILogger<Warmup> logger)
{
    private const BindingFlags Declared =
        BindingFlags.Instance | BindingFlags.Static | BindingFlags.Public | BindingFlags.NonPublic | BindingFlags.DeclaredOnly;

    // Once per process, for any number of nodes in it.
    private static readonly Lazy<int> Compiled = new(CompileAll);

    /// <param name="controlUrl">The address of this node.</param>
    public async Task RunAsync(string controlUrl, CancellationToken stopping)
    {
        var began = Stopwatch.GetTimestamp();
        var methods = await Task.Run(() => Compiled.Value, stopping);
        try
        {
            using var channel = GrpcChannel.ForAddress(controlUrl);
            await new MediaNodeControl.MediaNodeControlClient(channel).ProbeAsync(
                new ProbeRequest(), new Metadata { { "authorization", $"Bearer {identity.ControlToken}" } }, cancellationToken: stopping);
            LogWarm(methods, Stopwatch.GetElapsedTime(began));
        }
        catch (RpcException exception) when (!stopping.IsCancellationRequested)
        {
            // The node is only slower then. The control plane finds out whether other processes reach the port.
            LogUnreachable(controlUrl, exception.Status.Detail);
        }
    }

    /// <summary>
    /// Compiles all methods of this assembly that can be compiled before their first call, and returns the number of compiled methods.
    /// </summary>
    private static int CompileAll()
    {
        var methods =
            from type in typeof(Warmup).Assembly.GetTypes()
            where !type.ContainsGenericParameters
            from method in type.GetMethods(Declared).Concat<MethodBase>(type.GetConstructors(Declared))
            where !method.IsAbstract && !method.ContainsGenericParameters
            // Imported methods belong to libraries; methods for unmanaged callers are compiled when their address is taken.
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

    [LoggerMessage(Level = LogLevel.Information, Message = "Warm-up finished: {Methods} methods compiled in {Elapsed}")]
    private partial void LogWarm(int methods, TimeSpan elapsed);

    [LoggerMessage(Level = LogLevel.Warning, Message = "The node cannot reach its own address {ControlUrl}: {Reason}")]
    private partial void LogUnreachable(string controlUrl, string reason);
}
