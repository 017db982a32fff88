import "@sonde/vni/worker";
