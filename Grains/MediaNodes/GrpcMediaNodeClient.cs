using System.Diagnostics;
using Grpc.Core;
using Grpc.Net.Client;
using Hype.Grains.Abstractions.MediaNodes;
using Hype.Grains.Diagnostics;
using Hype.MediaNode.Orders.V1;
using Microsoft.Extensions.Logging;

namespace Hype.Grains.MediaNodes;

/// <summary>The gRPC client of one media node, over one HTTP/2 connection. Every call has a deadline.</summary>
internal sealed partial class GrpcMediaNodeClient(
    string controlUrl, string controlToken, TimeSpan orderTimeout, GrainMetrics metrics, ILogger<GrpcMediaNodeClient> logger)
        : IMediaNodeClient
{
    private readonly GrpcChannel _connection =
        GrpcChannel.ForAddress(controlUrl, new GrpcChannelOptions { DisposeHttpClient = true, HttpHandler = Handler() });
    private readonly Metadata _credentials = new() { { "authorization", $"Bearer {controlToken}" } };
    private readonly ILogger<GrpcMediaNodeClient> _logger = logger;

    private MediaNodeControl.MediaNodeControlClient Node => new(_connection);

    public async Task<OutcomeBatch> ExecuteAsync(OrderBatch orders)
    {
        var began = Stopwatch.GetTimestamp();
        var (code, outcomes) = await TryAsync("Execute", options => Node.ExecuteAsync(orders, options));
        if (outcomes?.Outcomes.Count != orders.Orders.Count)
            outcomes = NodeOutcomes.ForAll(orders, code == OutcomeCode.Done ? OutcomeCode.Failed : code);
        var took = Stopwatch.GetElapsedTime(began);
        foreach (var (order, outcome) in orders.Orders.Zip(outcomes.Outcomes))
        {
            metrics.NodeOrderCompleted(order.BodyCase.ToString(), NodeOutcomes.Of(outcome.Code), took);
            if (outcome.Code != OutcomeCode.Done)
                LogRefused(order.BodyCase, controlUrl, outcome.Code, outcome.Detail);
        }

        return outcomes;
    }

    public async Task<(NodeOutcome Outcome, bool Draining)> DrainAsync(bool draining)
    {
        var began = Stopwatch.GetTimestamp();
        var (code, reply) = await TryAsync("Drain", options => Node.DrainAsync(new DrainRequest { Draining = draining }, options));
        var outcome = NodeOutcomes.Of(code);
        metrics.NodeOrderCompleted("Drain", outcome, Stopwatch.GetElapsedTime(began));
        return (outcome, reply?.Draining ?? false);
    }

    public async Task<ProbeResult> ProbeAsync(Guid incarnation, TimeSpan timeout)
    {
        try
        {
            var reply = await Node.ProbeAsync(new ProbeRequest(), new CallOptions(_credentials, DateTime.UtcNow + timeout));
            return Guid.TryParse(reply.Incarnation, out var answers) && answers == incarnation ? ProbeResult.Alive : ProbeResult.Gone;
        }
        catch (RpcException exception)
        {
            LogCallFailed(exception, "Probe", controlUrl);
            return exception.StatusCode == StatusCode.DeadlineExceeded ? ProbeResult.Silent : ProbeResult.Gone;
        }
    }

    public void Dispose() => _connection.Dispose();

    /// <summary>
    /// Creates the HTTP handler. Its short timeouts close the connection to a killed node quickly, so that the first calls to the
    /// restarted node do not wait on that connection until their deadline.
    /// </summary>
    private static SocketsHttpHandler Handler() => new()
    {
        ConnectTimeout = TimeSpan.FromSeconds(1),
        KeepAlivePingDelay = TimeSpan.FromSeconds(10),
        KeepAlivePingTimeout = TimeSpan.FromSeconds(2),
        EnableMultipleHttp2Connections = true,
        UseProxy = false,
    };

    private async Task<(OutcomeCode Code, TReply? Reply)> TryAsync<TReply>(string call, Func<CallOptions, AsyncUnaryCall<TReply>> start)
        where TReply : class
    {
        try
        {
            return (OutcomeCode.Done, await start(new CallOptions(_credentials, DateTime.UtcNow + orderTimeout)));
        }
        catch (RpcException exception)
        {
            LogCallFailed(exception, call, controlUrl);
            return (NodeOutcomes.CodeOf(exception.StatusCode), null);
        }
    }

    [LoggerMessage(Level = LogLevel.Debug, Message = "{Call} on {Node} failed")]
    private partial void LogCallFailed(Exception exception, string call, string node);

    [LoggerMessage(Level = LogLevel.Debug, Message = "{Order} on {Node} was refused: {Code}, {Detail}")]
    private partial void LogRefused(NodeOrder.BodyOneofCase order, string node, OutcomeCode code, string detail);
}
